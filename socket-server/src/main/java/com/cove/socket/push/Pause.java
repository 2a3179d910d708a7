package com.cove.socket.push;

import java.time.Duration;
import java.time.Instant;

/**
 * Spares FCM, and us, what fails for everybody: for a while nothing is sent, then one push is, and its success lets all the others.
 * Longer each time, up to ten minutes; not before FCM asks for more. Thread-safe.
 */
final class Pause {
    static final int FAILURES = 5;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private int failures;
    private Instant until = Instant.MIN;

    /** How many pushes may be sent now, of as many as there is room for. */
    synchronized int permits(int room, int underWay, Instant now) {
        if (failures < FAILURES) {
            return room;
        }
        return now.isBefore(until) || underWay > 0 ? 0 : Math.min(room, 1);
    }

    /** Until when nothing more is sent; past where it is. */
    synchronized Instant until() {
        return failures < FAILURES ? Instant.MIN : until;
    }

    /** True where that ends it. */
    synchronized boolean succeeded() {
        boolean ends = failures >= FAILURES;
        failures = 0;
        return ends;
    }

    /**
     * It failed for everybody.
     *
     * @param after what FCM asks for; zero for nothing
     * @return true where that begins it
     */
    synchronized boolean failed(Duration after, Instant now) {
        if (failures >= FAILURES && now.isBefore(until)) {
            return false;
        }
        boolean begins = ++failures == FAILURES;
        if (failures >= FAILURES) {
            int doubled = Math.min(failures - FAILURES, 10);
            Duration wait = FIRST.multipliedBy(1L << doubled);
            wait = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
            until = now.plus(wait.compareTo(after) < 0 ? after : wait);
        }
        return begins;
    }
}
