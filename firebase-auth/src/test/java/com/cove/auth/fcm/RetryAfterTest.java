package com.cove.auth.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-25T09:30:00Z");

    @Test
    void itIsANumberOfSecondsOrADate() {
        assertThat(RetryAfter.parse("30", NOW)).contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.parse("Wed, 25 Nov 2026 09:31:30 GMT", NOW)).contains(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "soon",
                "1.5",
                "+5",
                "Wed, 25 Nov 2026 09:30:00 GMT",
                "Tue, 24 Nov 2026 09:30:00 GMT",
                "Wed, 99 Nov 2026 09:30:00 GMT",
                "12345678901234567890",
                "٣"
            })
    void whatIsNoTimeInTheFutureAsksForNothing(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"86401", "999999999999999999", "Thu, 25 Nov 2027 09:30:00 GMT"})
    void nobodyIsSilencedForMoreThanADay(String value) {
        assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofDays(1));
    }
}
