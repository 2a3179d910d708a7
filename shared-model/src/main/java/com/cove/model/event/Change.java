package com.cove.model.event;

import com.cove.model.error.AppException;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.text.Texts;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;

/**
 * Something that was stored, as those who get it to clients need it: what says where it belongs and who has it already, and the
 * finished JSON of the event that tells of it. Encoded once, by {@link #of}; from there on nobody reads the JSON.
 */
public sealed interface Change {
    /** The thread it happened in. */
    ThreadId thread();

    /** The payload of the event, a JSON object as it goes to clients. */
    String payload();

    /** The id of the transaction that stored it: a snapshot of the database says whether it was there. */
    long transaction();

    /** A message. */
    record Message(ThreadId thread, UserId sender, long seq, String payload, long transaction) implements Change {
        public Message {
            Texts.required("thread", thread);
            Texts.required("sender", sender);
            if (seq < 1) {
                throw AppException.invalid("seq", "must be at least 1");
            }
            object(payload);
        }
    }

    /**
     * A mark that somebody read a message.
     *
     * @param lastReadSeq the reader's watermark, with which the payload ends
     */
    record Reading(
            ThreadId thread, UserId reader, MessageId message, long lastReadSeq, String payload, long transaction)
            implements Change {
        public Reading {
            Texts.required("thread", thread);
            Texts.required("reader", reader);
            Texts.required("message", message);
            if (!object(payload).endsWith(ending(lastReadSeq))) {
                throw AppException.invalid("payload", "must end with the watermark");
            }
        }

        /** The same mark, told together with another watermark. */
        public Reading withLastReadSeq(long seq) {
            if (seq == lastReadSeq) {
                return this;
            }
            String others =
                    payload.substring(0, payload.length() - ending(lastReadSeq).length());
            return new Reading(thread, reader, message, seq, others + ending(seq), transaction);
        }

        private static String ending(long lastReadSeq) {
            return ",\"lastReadSeq\":" + lastReadSeq + "}";
        }
    }

    /** The beginning of a thread. */
    record Beginning(ThreadId thread, String payload, long transaction) implements Change {
        public Beginning {
            Texts.required("thread", thread);
            object(payload);
        }
    }

    /** Of an event, whose JSON is made here. */
    static Change of(Stored event, long transaction) {
        return switch (event) {
            case NewMessage news -> of(news, transaction);
            case MessageRead read ->
                new Reading(
                        read.threadId(),
                        read.userId(),
                        read.messageId(),
                        read.lastReadSeq(),
                        Json.text(read),
                        transaction);
            case ThreadCreated created -> new Beginning(created.thread().id(), Json.text(created), transaction);
        };
    }

    /** Of a message's event, likewise. */
    static Message of(NewMessage event, long transaction) {
        var message = event.message();
        return new Message(message.threadId(), message.senderId(), message.seq(), Json.text(event), transaction);
    }

    /** The name of the event that tells of it. */
    default String eventName() {
        return switch (this) {
            case Message _ -> NewMessage.NAME;
            case Reading _ -> MessageRead.NAME;
            case Beginning _ -> ThreadCreated.NAME;
        };
    }

    /** What would break every client's frame is found without reading the whole. */
    private static String object(String payload) {
        if (!Texts.required("payload", payload).startsWith("{") || !payload.endsWith("}")) {
            throw AppException.invalid("payload", "must be a JSON object");
        }
        return payload;
    }
}
