package com.cove.db.news;

import com.cove.db.history.Horizon;
import com.cove.model.thread.ThreadId;
import java.util.UUID;

/**
 * A message in the order of changes.
 *
 * @param storedIn the transaction that stored it
 */
public record MessagePlace(long storedIn, UUID threadId, long seq) {
    private static final UUID FIRST = new UUID(0, 0);

    /** Before everything that this horizon may not see. */
    public static MessagePlace before(Horizon horizon) {
        return new MessagePlace(horizon.oldestRunning(), FIRST, 0);
    }

    public ThreadId thread() {
        return ThreadId.of(threadId);
    }
}
