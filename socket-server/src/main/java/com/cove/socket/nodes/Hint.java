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
import org.jspecify.annotations.Nullable;

/**
 * A delivery as one node sends it to another: three lines, the thread's id, a head, and the event's payload as clients get it. The
 * head is JSON and checked; the payload is not read. No line end is in any of them: ids have no control characters, and JSON
 * escapes them.
 */
final class Hint {
    private static final char END = '\n';

    private Hint() {}

    static String write(Delivery delivery) {
        Change change = delivery.change();
        return change.thread().value() + END + Json.text(Head.of(delivery)) + END + change.payload();
    }

    /** Its first line, whatever follows; empty where it has no other. */
    static String thread(String hint) {
        return hint.substring(0, Math.max(0, hint.indexOf(END)));
    }

    /** Reads one; {@code invalid_request} for anything else. */
    static Delivery read(String hint) {
        String thread = thread(hint);
        int end = hint.indexOf(END, thread.length() + 1);
        if (end < 0) {
            throw AppException.invalid("hint", "has no three lines");
        }
        Head head = Json.read(hint.substring(thread.length() + 1, end), Head.class);
        return new Delivery(head.recipients, head.change(new ThreadId(thread), hint.substring(end + 1)));
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
            Long transaction,
            List<UserId> recipients) {
        Head {
            Texts.required("event", event);
            Texts.required("transaction", transaction);
            recipients = Texts.elements("recipients", recipients);
        }

        static Head of(Delivery delivery) {
            Change change = delivery.change();
            String event = change.eventName();
            return switch (change) {
                case Change.Message message ->
                    new Head(
                            event, message.sender(), null, message.seq(), message.transaction(), delivery.recipients());
                case Change.Reading read ->
                    new Head(
                            event,
                            read.reader(),
                            read.message(),
                            read.lastReadSeq(),
                            read.transaction(),
                            delivery.recipients());
                case Change.Beginning beginning ->
                    new Head(event, null, null, null, beginning.transaction(), delivery.recipients());
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
