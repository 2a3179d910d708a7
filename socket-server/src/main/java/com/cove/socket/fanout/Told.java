package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
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
        told.computeIfAbsent(identity(change), _ -> {
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

    private static Object identity(Change change) {
        return switch (change) {
            case Change.Message message -> new Place(message.thread(), message.seq());
            case Change.Reading read -> new Reading(read.message(), read.reader());
            case Change.Beginning beginning -> beginning.thread();
        };
    }

    private record Place(ThreadId thread, long seq) {}

    private record Reading(MessageId message, UserId reader) {}
}
