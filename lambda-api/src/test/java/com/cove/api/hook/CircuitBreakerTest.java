package com.cove.api.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is worth saying of a call that fails; when it is called is HttpHook's to show. */
class CircuitBreakerTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MOMENT = Duration.ofMillis(1);

    private Instant now = BEGIN;
    private final CircuitBreaker breaker = new CircuitBreaker(() -> now);

    @BeforeEach
    void opens() {
        for (int call = 1; call < CircuitBreaker.FAILURES; call++) {
            assertThat(breaker.failed()).isFalse();
        }
        assertThat(breaker.failed()).isTrue();
    }

    @Test
    void anOutageIsSaidOnceAMinuteWhileItLasts() {
        for (int minute = 1; minute <= 3; minute++) {
            now = BEGIN.plus(CircuitBreaker.REMINDER.multipliedBy(minute)).minus(MOMENT);
            assertThat(breaker.failed()).isFalse();
            now = now.plus(MOMENT);
            assertThat(breaker.failed()).isTrue();
            assertThat(breaker.failed()).isFalse();
        }
        assertThat(breaker.succeeded()).isTrue();
    }

    @Test
    void anotherKindOfOutageIsSaidAtOnceAndThenOnceAMinute() {
        assertThat(breaker.failedForGood()).isTrue();
        assertThat(breaker.failedForGood()).isFalse();
        now = BEGIN.plus(CircuitBreaker.REMINDER);
        assertThat(breaker.failedForGood()).isTrue();
    }

    @Test
    void whatFailsNowAndThenIsNoOutage() {
        assertThat(breaker.succeeded()).isTrue();
        now = BEGIN.plus(CircuitBreaker.REMINDER);

        assertThat(breaker.failed()).isFalse();
    }
}
