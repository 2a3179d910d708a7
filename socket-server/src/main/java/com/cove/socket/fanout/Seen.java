package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import java.util.Optional;

/**
 * What a client has seen: all that a horizon of the database sees, and a {@link Tail} besides. As text it goes out with every
 * recoverable event, as the offset that a client gives back when it reconnects: the client carries its own state, and any node
 * can tell exactly what it missed. Not thread-safe.
 */
final class Seen {
    /** What goes out where the text would be too long: from there nothing can be recovered until the tail is shorter again. */
    static final String UNRECOVERABLE = "-";

    /** Beyond, recovery is not worth what it adds to each message. */
    private static final int MAX_LENGTH = 2_000;

    private Horizon horizon;
    private String horizonText;
    private Tail tail;

    Seen(Horizon horizon) {
        this(horizon, new Tail());
    }

    private Seen(Horizon horizon, Tail tail) {
        this.horizon = horizon;
        this.horizonText = Snapshots.text(horizon);
        this.tail = tail;
    }

    Horizon horizon() {
        return horizon;
    }

    boolean includes(Change change) {
        return horizon.sees(change.transaction()) || tail.covers(change);
    }

    void add(Change change) {
        tail.add(change);
    }

    /** All that was delivered here was seen, too. */
    void advance(Delivered delivered) {
        if (!delivered.text().equals(horizonText)) {
            horizon = delivered.horizon();
            horizonText = delivered.text();
            tail.forget(horizon);
        }
    }

    /** The text, or {@link #UNRECOVERABLE}. */
    String offset() {
        StringBuilder text = new StringBuilder(horizonText);
        tail.write(text, horizon);
        return text.length() > MAX_LENGTH ? UNRECOVERABLE : text.toString();
    }

    /** Reads an offset; empty for anything else. */
    static Optional<Seen> parse(String epoch, String offset) {
        if (offset.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int end = offset.indexOf('~');
        Optional<Horizon> horizon = Snapshots.parse(epoch, end < 0 ? offset : offset.substring(0, end));
        return end < 0
                ? horizon.map(Seen::new)
                : horizon.flatMap(
                        known -> Tail.parse(offset.substring(end + 1), known).map(tail -> new Seen(known, tail)));
    }
}
