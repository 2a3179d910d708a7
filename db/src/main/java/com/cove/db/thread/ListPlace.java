package com.cove.db.thread;

import com.cove.model.thread.ChatThread;
import java.time.Instant;
import java.util.UUID;

/** Where a thread stands in a list that is ordered by activity; the id decides between equal times. */
record ListPlace(Instant updatedAt, UUID id) {
    /** Before every thread. */
    static final ListPlace TOP = new ListPlace(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));

    static ListPlace of(ChatThread thread) {
        return new ListPlace(thread.updatedAt(), thread.id().uuid().orElseThrow());
    }
}
