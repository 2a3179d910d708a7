package com.cove.db.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentPeopleTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RecentPeople people = new RecentPeople(() -> now);

    @Test
    void somebodyIsKnownByNameAndPictureForAMinute() {
        people.add(ann("Ann", "a.png"));

        assertThat(people.contains(ann("Ann", "a.png"))).isTrue();
        assertThat(people.contains(ann("Anne", "a.png"))).isFalse();
        assertThat(people.contains(ann("Ann", null))).isFalse();

        now = now.plusSeconds(59);
        assertThat(people.contains(ann("Ann", "a.png"))).isTrue();
        now = now.plusSeconds(1);
        assertThat(people.contains(ann("Ann", "a.png"))).isFalse();
    }

    @Test
    void aClockThatWasSetBackKeepsNobodyForLonger() {
        people.add(ann("Ann", null));

        now = now.minusSeconds(3_600);
        assertThat(people.contains(ann("Ann", null))).isFalse();
    }

    @Test
    void ofManyTheLastThousandAreKnown() {
        IntStream.rangeClosed(1, 1_001).mapToObj(RecentPeopleTest::person).forEach(people::add);

        assertThat(people.contains(person(1))).isFalse();
        assertThat(people.contains(person(2))).isTrue();
        assertThat(people.contains(person(1_001))).isTrue();
    }

    private static UserProfile ann(String name, @Nullable String picture) {
        return new UserProfile(new UserId("ann"), name, picture);
    }

    private static UserProfile person(int number) {
        return new UserProfile(new UserId("u" + number), null, null);
    }
}
