package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.message.MessageId;
import com.cove.model.user.UserId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What went out here since the last {@link Delivered}, of what has no seq: readings and new threads, which the handler, the hook
 * and {@link Repair} may all tell of.
 */
final class Told {
    /** The transactions, by what is one and the same event. */
    private final Map<Object, Long> told = new ConcurrentHashMap<>();

    /** Sends what did not go out before. Who comes second waits for the first, so that afterwards it has gone out. */
    void once(Change change, Runnable send) {
        told.computeIfAbsent(identity(change.event()), _ -> {
            send.run();
            return change.transaction();
        });
    }

    /** Forgets what a horizon sees: nobody tells of it any more. */
    void forget(Horizon delivered) {
        told.values().removeIf(delivered::sees);
    }

    void forget() {
        told.clear();
    }

    private static Object identity(Stored event) {
        return switch (event) {
            case NewMessage news -> news.message().id();
            case MessageRead read -> new Reading(read.messageId(), read.userId());
            case ThreadCreated created -> created.thread().id();
        };
    }

    private record Reading(MessageId message, UserId reader) {}
}
