package com.cove.socket.push;

import java.time.Duration;
import java.time.Instant;

/**
 * A circuit breaker: spares FCM, and us, what fails in any case. For a while nothing is sent, then a few pushes are, and the success of
 * one lets all others. Longer each time, and not before FCM asks for more. Few failures of a kind that hits everybody begin it, many of
 * others, which may be those of a few tokens. Thread-safe.
 */
final class Pause {
    /** Pushes that are tried after it. */
    static final int PROBES = 10;

    private static final int LIMIT = 20;
    private static final int OF_EVERYBODY = 4;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration LONGEST_OF_EVERYBODY = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 10;

    private int failures;
    private int pauses;
    private Instant until = Instant.MIN;

    /** How many pushes may be sent now, of as many as there is room for. */
    synchronized int permits(int room, int underWay, Instant now) {
        if (pauses == 0) {
            return room;
        }
        return isOver(now) ? Math.min(room, PROBES - underWay) : 0;
    }

    /** Whether something may be sent now. */
    synchronized boolean isOver(Instant now) {
        return !now.isBefore(until);
    }

    /** True where that ends it. */
    synchronized boolean succeeded() {
        boolean ends = pauses > 0;
        failures = 0;
        pauses = 0;
        until = Instant.MIN;
        return ends;
    }

    /**
     * An attempt failed.
     *
     * @param everybody as any other would
     * @param after what FCM asks for; zero for nothing
     * @return true where that begins it
     */
    synchronized boolean failed(boolean everybody, Duration after, Instant now) {
        failures += everybody ? OF_EVERYBODY : 1;
        if ((failures < LIMIT && pauses == 0) || !isOver(now)) {
            return false;
        }
        Duration longest = everybody ? LONGEST_OF_EVERYBODY : LONGEST;
        Duration wait = FIRST.multipliedBy(1L << Math.min(pauses, DOUBLINGS));
        wait = wait.compareTo(longest) < 0 ? wait : longest;
        until = now.plus(wait.compareTo(after) < 0 ? after : wait);
        return ++pauses == 1;
    }
}
