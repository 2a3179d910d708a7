package com.cove.bench.talk;

import com.cove.bench.content.Content;
import com.cove.bench.content.Digits;
import com.cove.bench.people.Client;
import java.nio.charset.StandardCharsets;

/** Writes {@code send_message}, each into the same array. */
final class SendPacket {
    private static final int MAX_LENGTH = 512;
    private static final byte[] THREAD = ascii("[\"send_message\",{\"threadId\":\"");
    private static final byte[] CONTENT = ascii("\",\"content\":\"");
    private static final byte[] CLIENT_MESSAGE_ID = ascii("\",\"clientMessageId\":\"");
    private static final byte[] END = ascii("\"}]");

    /** Of this run, so that no other run's ids are the same. */
    private final byte[] idStart = ascii(Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-");

    private final boolean ids;
    private final byte[] packet = new byte[MAX_LENGTH];
    private int length;

    /** @param ids whether sends carry a clientMessageId */
    SendPacket(boolean ids) {
        this.ids = ids;
        packet[0] = '4';
        packet[1] = '2';
    }

    /** The same number makes the same packet, also when it is sent again. */
    void send(Client sender, long number, byte[] threadId) {
        length = Digits.write(number, packet, 2);
        add(THREAD);
        add(threadId);
        add(CONTENT);
        length = Content.write(number, packet, length);
        if (ids) {
            add(CLIENT_MESSAGE_ID);
            add(idStart);
            length = Digits.write(number, packet, length);
        }
        add(END);
        sender.send(packet, length);
    }

    private void add(byte[] bytes) {
        System.arraycopy(bytes, 0, packet, length, bytes.length);
        length += bytes.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
