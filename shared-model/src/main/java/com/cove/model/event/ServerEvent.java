package com.cove.model.event;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.text.Texts;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event from server to client; the record is its payload. */
public sealed interface ServerEvent {

    /** Tells of something that is in the database: who was away when it went out can be told later, exactly once. */
    sealed interface Stored extends ServerEvent {}

    /** To every connection of every member, the sender's included, in seq order per thread. */
    record NewMessage(Message message) implements Stored {
        public static final String NAME = "new_message";

        public NewMessage {
            Texts.required("message", message);
        }
    }

    /** To the other members. Ends by itself after 6 s without a new {@code typing_start}. */
    record UserTyping(
            ThreadId threadId,
            UserId userId,
            @JsonProperty("isTyping") boolean isTyping) implements ServerEvent {}

    /** To every connection of every member. Its last field is replaced in the finished JSON: {@link Change.Reading}. */
    @JsonPropertyOrder({"messageId", "threadId", "userId", "readAt", "lastReadSeq"})
    record MessageRead(MessageId messageId, ThreadId threadId, UserId userId, Instant readAt, long lastReadSeq)
            implements Stored {
        public static final String NAME = "message_read";
    }

    /**
     * To people who share a thread with the user, on their first connection and after their last.
     *
     * @param lastSeenAt when the last connection ended; null while online or where never seen
     */
    record UserOnline(
            UserId userId, boolean online, @Nullable Instant lastSeenAt) implements ServerEvent {}

    /** To every connection of every member: the thread as it began, without messages, the same for all. */
    record ThreadCreated(ChatThread thread) implements Stored {
        public static final String NAME = "thread_created";

        public ThreadCreated {
            Texts.required("thread", thread);
        }
    }

    /** To the connection whose event failed, where it asked for no acknowledgement. */
    record Failure(String event, ErrorCode code, String message) implements ServerEvent {}

    /** The event's name on the wire. */
    default String eventName() {
        return switch (this) {
            case NewMessage _ -> NewMessage.NAME;
            case UserTyping _ -> "user_typing";
            case MessageRead _ -> MessageRead.NAME;
            case UserOnline _ -> "user_online";
            case ThreadCreated _ -> ThreadCreated.NAME;
            case Failure _ -> "error";
        };
    }

    /** The record that an event name stands for. */
    static Class<? extends ServerEvent> typeOf(String eventName) {
        return switch (eventName) {
            case NewMessage.NAME -> NewMessage.class;
            case "user_typing" -> UserTyping.class;
            case MessageRead.NAME -> MessageRead.class;
            case "user_online" -> UserOnline.class;
            case ThreadCreated.NAME -> ThreadCreated.class;
            case "error" -> Failure.class;
            default -> throw AppException.invalid("event", "is not an event of the server");
        };
    }
}
