package com.cove.socket.push;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long until a push is tried again: doubled each time up to ten minutes, with jitter, and not before FCM asks for it. */
record Backoff(RandomGenerator random) {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 10;

    /** @param attempts that failed before this one */
    Duration after(int attempts, Duration asked) {
        long whole = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempts, DOUBLINGS));
        Duration some = Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
        // Those who were asked to wait at once are not to come back at once.
        return asked.isZero() || asked.compareTo(some) < 0 ? some : asked.plus(some);
    }
}
