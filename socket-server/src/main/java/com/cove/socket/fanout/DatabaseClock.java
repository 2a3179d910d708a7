package com.cove.socket.fanout;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How the clock of the database, which dates messages, stands to the one here, which dates connections. Compared again and
 * again: both drift, and are set.
 */
final class DatabaseClock {
    /** How far they may differ while nobody knows: a message twice is better than never. */
    static final Duration MOST = Duration.ofSeconds(5);

    private static final int FIRST_ASKED = 5;

    private volatile Duration leastAhead = MOST.negated();
    private volatile boolean compared;

    /** @param ask asks the database for its time; the longer that takes, the less is known */
    void compare(Supplier<Instant> ask) {
        // The very first answers are slow: of several, the one that says most.
        leastAhead = Stream.generate(() -> leastAhead(ask))
                .limit(compared ? 1 : FIRST_ASKED)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        compared = true;
    }

    private static Duration leastAhead(Supplier<Instant> ask) {
        Instant there = ask.get();
        return Duration.between(Instant.now(), there);
    }

    /** How far ahead the database is; not a number while nobody knows. */
    double secondsAhead() {
        return compared ? leastAhead.toMillis() / 1_000.0 : Double.NaN;
    }

    /** The earliest time by the clock of the database that it can have been there at a time by the one here. */
    Instant earliest(Instant here) {
        return here.plus(leastAhead);
    }
}
