package com.cove.socket.fanout;

import com.cove.db.recovery.Missed;
import com.cove.model.event.Change;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OutboundEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and what its client has seen. It gets every change of its user's exactly once: those that its beginning does not
 * see and that were not sent to it before.
 */
final class Receiver {
    private static final Logger log = LoggerFactory.getLogger(Receiver.class);
    /** While the connection begins, which takes one query. */
    private static final int MAX_HELD = 1_000;

    private final Connection connection;
    private final Fanout fanout;
    /** What came while nobody knew yet what the client has seen; null from then on. */
    private @Nullable List<Change> held = new ArrayList<>(0);

    private @Nullable Seen seen;
    /** The first round of which all was delivered here that this connection had to get. */
    private int firstRound = Integer.MAX_VALUE;

    Receiver(Connection connection, Fanout fanout) {
        this.connection = connection;
        this.fanout = fanout;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Sends a change, unless the client has it. A fault ends the connection, which then is told again: what went out on it is
     * never a part of what it should have got.
     *
     * @return false where the client had it already
     */
    synchronized boolean receive(Broadcast event) {
        try {
            if (held != null) {
                hold(held, event.change());
                return true;
            }
            Seen before = seen;
            if (before != null) {
                seen = send(before, event);
            }
            return seen != before;
        } catch (RuntimeException e) {
            log.atError().addKeyValue("socketId", connection.id()).setCause(e).log("an event could not be sent");
            connection.close(CloseReason.UNAVAILABLE);
            return false;
        }
    }

    /** Whether its client may not have the change yet. */
    synchronized boolean lacks(Change change) {
        return seen == null || !seen.includes(change);
    }

    private void hold(List<Change> waiting, Change change) {
        if (waiting.size() < MAX_HELD) {
            waiting.add(change);
        } else {
            connection.close(CloseReason.UNAVAILABLE);
        }
    }

    /** Sends it, unless the client has it; what it has seen then. */
    private Seen send(Seen before, Broadcast broadcast) {
        Delivered delivered = fanout.delivered();
        boolean all = delivered != null && delivered.round() >= firstRound;
        Broadcast.Step step = broadcast.step(before, all ? delivered : null);
        OutboundEvent event = step.event();
        if (event != null) {
            fanout.watchLength(step.after().offset());
            broadcast.send(connection, event);
        }
        return step.after();
    }

    /**
     * Begins, with what the client missed. Until it has, others only leave their changes here: they do not wait for it.
     *
     * @param former what it has seen, all of which {@code missed} leaves out
     * @param round the first that looks at the database after {@code missed} was read
     */
    void begin(Seen former, Missed missed, int round) {
        Seen until = new Seen(missed.until());
        Iterator<Change> changes = missed.changes().iterator();
        Seen sent = former;
        while (changes.hasNext()) {
            Change change = changes.next();
            sent = changes.hasNext() ? sent.with(change) : until;
            try (Broadcast event = new Broadcast(change)) {
                event.send(connection, sent.offset());
            }
        }
        for (List<Change> waiting = heldOrDone(until, round); !waiting.isEmpty(); waiting = heldOrDone(until, round)) {
            for (Change change : waiting) {
                try (Broadcast event = new Broadcast(fanout.raised(change))) {
                    until = send(until, event);
                }
            }
        }
    }

    /**
     * What is held now, to be sent before anything else; where that is nothing, the connection has begun. Sent outside this
     * monitor: who tells of a reading holds its reader's watermark and wants the monitor, and who sends what was held wants the
     * watermark.
     */
    private synchronized List<Change> heldOrDone(Seen until, int round) {
        List<Change> waiting = held == null ? List.of() : held;
        if (waiting.isEmpty()) {
            held = null;
            seen = until;
            // Not before: a round may have ended that counts what was held as delivered.
            firstRound = round;
        } else {
            held = new ArrayList<>(0);
        }
        return waiting;
    }
}
