package com.cove.api.hook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Spares callers what has failed several times in a row: for a while nobody calls it, then one does, and its success lets all
 * the others. Driven by the calls alone, without a thread or a timer, because a Lambda is frozen between them; by the time of
 * day, because no other clock is sure to go on meanwhile. Thread-safe.
 */
final class CircuitBreaker {
    static final int FAILURES = 3;
    static final Duration PAUSE = Duration.ofSeconds(5);
    /** For an alarm on what is said of it, which is over when nothing is. */
    static final Duration REMINDER = Duration.ofMinutes(1);

    private final InstantSource clock;
    private int failures;
    private boolean forGood;
    private Instant lastTry = Instant.EPOCH;
    private Instant lastNews = Instant.EPOCH;

    CircuitBreaker(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether to call now. Who is let through while it is open, and never says what came of it, keeps nobody out for longer. */
    synchronized boolean permits() {
        if (failures < FAILURES) {
            return true;
        }
        Duration since = Duration.between(lastTry, clock.instant());
        // A clock that was set back must not keep it open for an hour.
        boolean mayTry = since.isNegative() || since.compareTo(PAUSE) >= 0;
        if (mayTry) {
            lastTry = clock.instant();
        }
        return mayTry;
    }

    /** A call succeeded; true where that closes it. */
    synchronized boolean succeeded() {
        boolean wasOpen = failures >= FAILURES;
        failures = 0;
        forGood = false;
        return wasOpen;
    }

    /** A call failed; true where that is worth saying: it opens it, or a minute after that was said last. */
    synchronized boolean failed() {
        return failed(failures + 1, false);
    }

    /** A call failed as all that follow will; true as well where it was open for something that passes. */
    synchronized boolean failedForGood() {
        boolean news = !forGood;
        forGood = true;
        return failed(FAILURES, news);
    }

    private boolean failed(int inARow, boolean isNews) {
        boolean opens = failures < FAILURES && inARow >= FAILURES;
        failures = Math.min(inARow, FAILURES);
        lastTry = clock.instant();
        boolean again =
                failures == FAILURES && Duration.between(lastNews, lastTry).compareTo(REMINDER) >= 0;
        if (!opens && !isNews && !again) {
            return false;
        }
        lastNews = lastTry;
        return true;
    }
}
