package com.cove.socket.nodes;

import com.cove.model.error.AppException;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.hook.Delivery;
import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.text.Texts;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as one node sends it to another: four lines, the thread's id, a head, the recipients, and the event's payload as
 * clients get it. The head is JSON; the recipients are plain ids with tabs between them, which is quicker read than a list of JSON.
 * Both are checked; the payload is not read. No id has a tab or a line end in it, and JSON escapes them.
 */
final class Hint {
    private static final char END = '\n';
    private static final String LINES = "\n";
    private static final String BETWEEN = "\t";
    private static final int PARTS = 4;

    private Hint() {}

    static String write(Delivery delivery) {
        Change change = delivery.change();
        return String.join(
                LINES,
                change.thread().value(),
                Json.text(Head.of(change)),
                delivery.recipients().stream().map(UserId::value).collect(Collectors.joining(BETWEEN)),
                change.payload());
    }

    /** Its first line, whatever follows; empty where it has no other. */
    static String thread(String hint) {
        return hint.substring(0, Math.max(0, hint.indexOf(END)));
    }

    /** Reads one; {@code invalid_request} for anything else. */
    static Delivery read(String hint) {
        String[] lines = hint.split(LINES, PARTS);
        if (lines.length < PARTS) {
            throw AppException.invalid("hint", "has less than four lines");
        }
        Head head = Json.read(lines[1], Head.class);
        return new Delivery(recipients(lines[2]), head.change(new ThreadId(lines[0]), lines[3]));
    }

    private static List<UserId> recipients(String line) {
        return line.isEmpty()
                ? List.of()
                : Stream.of(line.split(BETWEEN, -1)).map(UserId::new).toList();
    }

    /**
     * What the receiving node needs to know.
     *
     * @param event the event's name
     * @param user the sender, or the reader
     * @param message that was read
     * @param seq of the message, or the reader's watermark
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Head(
            String event,
            @Nullable UserId user,
            @Nullable MessageId message,
            @Nullable Long seq,
            Long transaction) {
        Head {
            Texts.required("event", event);
            Texts.required("transaction", transaction);
        }

        static Head of(Change change) {
            String event = change.eventName();
            return switch (change) {
                case Change.Message message ->
                    new Head(event, message.sender(), null, message.seq(), message.transaction());
                case Change.Reading read ->
                    new Head(event, read.reader(), read.message(), read.lastReadSeq(), read.transaction());
                case Change.Beginning beginning -> new Head(event, null, null, null, beginning.transaction());
            };
        }

        Change change(ThreadId thread, String payload) {
            return switch (event) {
                case NewMessage.NAME ->
                    new Change.Message(
                            thread, Texts.required("user", user), Texts.required("seq", seq), payload, transaction);
                case MessageRead.NAME ->
                    new Change.Reading(
                            thread,
                            Texts.required("user", user),
                            Texts.required("message", message),
                            Texts.required("seq", seq),
                            payload,
                            transaction);
                case ThreadCreated.NAME -> new Change.Beginning(thread, payload, transaction);
                default -> throw AppException.invalid("event", "tells of nothing stored");
            };
        }
    }
}
