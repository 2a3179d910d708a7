package com.cove.socket.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a rate limiter remembers. */
class RateLimiterTest {
    /** Whoever has a billion addresses must not have our memory. */
    @Test
    void keysWithoutEndTakeNoMemoryWithoutEnd() {
        RateLimiter<Integer> limiter = new RateLimiter<>(new Rate(1, 1), 100);

        for (int key = 0; key < 10_000; key++) {
            assertThat(limiter.waitFor(key)).isEmpty();
        }

        assertThat(limiter.keys()).isLessThanOrEqualTo(100);
    }
}
