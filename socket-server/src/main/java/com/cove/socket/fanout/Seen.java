package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.recovery.Trace;
import com.cove.model.event.Change;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client has seen: all that a horizon of the database sees, and a {@link Tail} besides. As text it goes out with every
 * recoverable event, as the offset that a client gives back when it reconnects: the client carries its own state, and any node
 * can tell exactly what it missed. Never changes: all clients that have seen the same may share one.
 *
 * <p>The text is {@code epoch.horizon[~tail]}, of the epoch its first eight digits; {@code epoch.horizon-} where it would be too
 * long: nothing can be recovered from there, until the tail is shorter again.
 */
final class Seen {
    /** Beyond, recovery is not worth what it adds to each message. */
    static final int MAX_LENGTH = 2_000;

    private static final String UNRECOVERABLE = "-";
    private static final int EPOCH_DIGITS = 8;
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{8})\\.([0-9a-z.]{1,2000})(-|~.*)?");

    private final Horizon horizon;
    private final String base;
    private final Tail tail;
    private final String offset;

    Seen(Horizon horizon) {
        this(horizon, base(horizon), Tail.EMPTY);
    }

    private Seen(Horizon horizon, String base, Tail tail) {
        this.horizon = horizon;
        this.base = base;
        this.tail = tail;
        this.offset = offset(horizon, base, tail);
    }

    private static String offset(Horizon horizon, String base, Tail tail) {
        if (tail.isEmpty()) {
            return base;
        }
        StringBuilder text = new StringBuilder(base);
        tail.write(text, horizon, MAX_LENGTH);
        return text.length() > MAX_LENGTH ? base + UNRECOVERABLE : text.toString();
    }

    /** The beginning of each offset of a client that has seen this. */
    static String base(Horizon horizon) {
        return epochDigits(horizon.epoch()) + "." + Snapshots.text(horizon);
    }

    private static String epochDigits(String epoch) {
        return epoch.substring(0, Math.min(EPOCH_DIGITS, epoch.length()));
    }

    Horizon horizon() {
        return horizon;
    }

    boolean includes(Change change) {
        return includes(Trace.of(change));
    }

    boolean includes(Trace trace) {
        return horizon.sees(trace.transaction()) || tail.covers(trace);
    }

    Seen with(Change change) {
        return new Seen(horizon, base, tail.with(change));
    }

    /** All that was delivered was seen, too. */
    Seen with(Delivered delivered) {
        if (delivered.seen().base.equals(base)) {
            return this;
        }
        Tail rest = tail.without(delivered.horizon());
        return rest.isEmpty() ? delivered.seen() : new Seen(delivered.horizon(), delivered.seen().base, rest);
    }

    String offset() {
        return offset;
    }

    /** Whether nothing can be recovered from an offset of ours. */
    static boolean isUnrecoverable(String offset) {
        return offset.endsWith(UNRECOVERABLE);
    }

    /**
     * What a client has seen that began with all that a horizon sees. A client keeps its last offset also when it begins anew: one
     * from before says nothing then.
     *
     * @param offset that the client got last, since it began or before
     * @return empty where nothing can be recovered, and for what is no offset
     */
    static Optional<Seen> since(Horizon beginning, String offset) {
        Matcher parts = FORM.matcher(offset);
        if (offset.length() > MAX_LENGTH || !parts.matches()) {
            return Optional.empty();
        }
        if (!parts.group(1).equals(epochDigits(beginning.epoch()))) {
            return Optional.of(new Seen(beginning));
        }
        return Snapshots.parse(beginning.epoch(), parts.group(2))
                .flatMap(horizon -> horizon.nextUnseen() < beginning.nextUnseen()
                        ? Optional.of(new Seen(beginning))
                        : with(horizon, parts.group(3)));
    }

    private static Optional<Seen> with(Horizon horizon, @Nullable String rest) {
        if (rest == null) {
            return Optional.of(new Seen(horizon));
        }
        return rest.equals(UNRECOVERABLE)
                ? Optional.empty()
                : Tail.parse(rest.substring(1), horizon).map(tail -> new Seen(horizon, base(horizon), tail));
    }
}
