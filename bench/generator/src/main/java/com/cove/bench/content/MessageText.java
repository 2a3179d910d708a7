package com.cove.bench.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a message where it lies, in JSON of a known kind: our own content and ids hold no quotes, so a field's name is found by its
 * bytes. The fields may come in any order; where one was in the last message it is looked for first. One object reads all messages.
 */
public final class MessageText {
    private static final int ID_LENGTH = 36;

    private final Field threadId = new Field("\"threadId\":\"");
    private final Field seqField = new Field("\"seq\":");
    private final Field contentField = new Field("\"content\":\"");

    private byte[] bytes = {};
    private int idAt;
    private long seq;
    private long number;

    /** Reads the message that lies there; false where it lacks a field, or has another content than any that is sent. */
    public boolean read(byte[] source, int from, int to) {
        bytes = source;
        idAt = threadId.find(source, from, to);
        int seqAt = seqField.find(source, from, to);
        int contentAt = contentField.find(source, from, to);
        if (idAt < 0 || idAt + ID_LENGTH > to || seqAt < 0 || contentAt < 0) {
            return false;
        }
        seq = Digits.read(source, seqAt, Digits.end(source, seqAt, to));
        int numberEnd = Digits.end(source, contentAt, Math.min(to, contentAt + 18));
        number = Digits.read(source, contentAt, numberEnd);
        return numberEnd > contentAt && Content.isWhole(source, contentAt, numberEnd, to);
    }

    public boolean isOf(byte[] id) {
        return Arrays.equals(bytes, idAt, idAt + ID_LENGTH, id, 0, ID_LENGTH);
    }

    public long seq() {
        return seq;
    }

    /** The number that the content begins with. */
    public long number() {
        return number;
    }

    private static final class Field {
        private final byte[] name;
        private int lastOffset;

        Field(String name) {
            this.name = name.getBytes(StandardCharsets.US_ASCII);
        }

        /** Where its value begins; -1 where there is no such field. */
        int find(byte[] bytes, int from, int to) {
            if (isAt(bytes, from + lastOffset, to)) {
                return from + lastOffset + name.length;
            }
            for (int at = from; at + name.length <= to; at++) {
                if (bytes[at] == '"' && isAt(bytes, at, to)) {
                    lastOffset = at - from;
                    return at + name.length;
                }
            }
            return -1;
        }

        private boolean isAt(byte[] bytes, int at, int to) {
            return at + name.length <= to && Arrays.equals(bytes, at, at + name.length, name, 0, name.length);
        }
    }
}
