package com.cove.db.news;

import com.cove.db.history.Horizon;
import com.cove.model.thread.ThreadId;
import java.util.UUID;

/**
 * A thread in the order of their creations.
 *
 * @param storedIn the transaction that created it
 */
public record ThreadPlace(long storedIn, UUID threadId) {
    private static final UUID FIRST = new UUID(0, 0);

    /** Before everything that this horizon may not see. */
    public static ThreadPlace before(Horizon horizon) {
        return new ThreadPlace(horizon.oldestRunning(), FIRST);
    }

    public ThreadId thread() {
        return ThreadId.of(threadId);
    }
}
