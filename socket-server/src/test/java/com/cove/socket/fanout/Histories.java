package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A history in which each transaction stores one reading, one after the other. */
final class Histories {
    private Histories() {}

    /** Sees all before this transaction. */
    static Horizon horizon(long next) {
        return new Horizon("0123456789abcdef", next, next, List.of());
    }

    static Change reading(long transaction) {
        return Change.of(
                new MessageRead(
                        new MessageId("m" + transaction),
                        ThreadId.of(new UUID(1, 1)),
                        new UserId("ada"),
                        Instant.parse("2026-11-22T09:30:00Z"),
                        1),
                transaction);
    }
}
