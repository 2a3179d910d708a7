package com.cove.socket.read;

import com.cove.db.read.ReadOutcome;
import com.cove.db.read.ReadStore;
import com.cove.model.read.MarkRead;
import com.cove.model.read.ReadReceipt;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.transport.Connection;

/** {@code mark_read}: told to every member, the reader's other devices included, unless it was known already. */
public final class MarkReadHandler {
    private final ReadStore reads;
    private final Fanout fanout;

    public MarkReadHandler(ReadStore reads, Fanout fanout) {
        this.reads = reads;
        this.fanout = fanout;
    }

    public ReadReceipt handle(Connection connection, MarkRead request) {
        ReadOutcome outcome = reads.mark(connection.user(), request);
        outcome.news().ifPresent(fanout::deliver);
        return outcome.receipt();
    }
}
