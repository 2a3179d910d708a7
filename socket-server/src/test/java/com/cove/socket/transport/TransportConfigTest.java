package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportConfigTest {
    private static final long MILLISECOND = Duration.ofMillis(1).toNanos();

    /** Wherever the clock stands: it may be below zero. */
    @ParameterizedTest
    @ValueSource(longs = {0, -7_000_000_001L, 123_456_789_012_345L})
    void pingsOfATenthOfASecondFallDueTogetherAndNoneMuchTooEarly(long now) {
        TransportConfig.Timeouts timeouts =
                EchoServer.config(Map.of("SOCKET_PING_INTERVAL_MS", "25000")).timeouts();
        // A millisecond apart, and for a second.
        long[] answered =
                LongStream.range(0, 1_000).map(each -> now + each * MILLISECOND).toArray();

        assertThat(LongStream.of(answered).map(at -> timeouts.untilPing(at).toMillis()))
                .allSatisfy(millis -> assertThat(millis).isBetween(24_900L, 25_000L));
        assertThat(LongStream.of(answered)
                        .map(at -> at + timeouts.untilPing(at).toNanos())
                        .distinct()
                        .count())
                .isBetween(10L, 11L);
    }
}
