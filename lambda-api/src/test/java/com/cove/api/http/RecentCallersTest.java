package com.cove.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentCallersTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RecentCallers callers = new RecentCallers(() -> now);

    @Test
    void somebodyIsKnownByNameAndPictureForAMinute() {
        callers.add(ann("Ann", "a.png"));

        assertThat(callers.contains(ann("Ann", "a.png"))).isTrue();
        assertThat(callers.contains(ann("Anne", "a.png"))).isFalse();
        assertThat(callers.contains(ann("Ann", null))).isFalse();

        now = now.plusSeconds(59);
        assertThat(callers.contains(ann("Ann", "a.png"))).isTrue();
        now = now.plusSeconds(1);
        assertThat(callers.contains(ann("Ann", "a.png"))).isFalse();
    }

    @Test
    void aClockThatWasSetBackKeepsNobodyForLonger() {
        callers.add(ann("Ann", null));

        now = now.minusSeconds(3_600);
        assertThat(callers.contains(ann("Ann", null))).isFalse();
    }

    @Test
    void ofManyTheLastThousandAreKnown() {
        IntStream.rangeClosed(1, 1_001).mapToObj(RecentCallersTest::person).forEach(callers::add);

        assertThat(callers.contains(person(1))).isFalse();
        assertThat(callers.contains(person(2))).isTrue();
        assertThat(callers.contains(person(1_001))).isTrue();
    }

    private static UserProfile ann(String name, @Nullable String picture) {
        return new UserProfile(new UserId("ann"), name, picture);
    }

    private static UserProfile person(int number) {
        return new UserProfile(new UserId("u" + number), null, null);
    }
}
