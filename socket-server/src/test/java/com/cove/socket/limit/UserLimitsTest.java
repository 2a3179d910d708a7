package com.cove.socket.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.config.Environment;
import com.cove.model.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserLimitsTest {
    private static final UserId ADA = new UserId("ada");
    private static final UserId BOB = new UserId("bob");
    private final UserLimits limits = new UserLimits(LimitsConfig.from(new Environment(Map.of(
            "SOCKET_MAX_CONNECTIONS_PER_USER", "3",
            "SOCKET_USER_EVENTS_PER_SECOND", "1",
            "SOCKET_USER_EVENT_BURST", "100"))));

    @Test
    void connectionsElsewhereTakePlacesAndWhoIsRefusedForThemIsDoubted() {
        List<UserId> doubted = new ArrayList<>();
        limits.doubtBy(doubted::add);
        limits.elsewhere(ADA, 2);

        assertThat(limits.take(ADA)).isTrue();
        assertThat(limits.take(ADA)).isFalse();
        assertThat(doubted).containsExactly(ADA);
        assertThat(limits.take(BOB)).isTrue();

        limits.elsewhere(ADA, 0);
        assertThat(limits.take(ADA)).isTrue();
        assertThat(limits.take(ADA)).isTrue();
        assertThat(limits.take(ADA)).as("three, all here").isFalse();
        assertThat(doubted).as("nobody else says so").containsExactly(ADA);
    }

    @Test
    void whoLostAConnectionGetsNoOtherAtOnce() {
        limits.refuse(ADA);

        assertThat(limits.take(ADA)).isFalse();
        assertThat(limits.take(BOB)).isTrue();
    }

    @Test
    void whatWasSpentElsewhereIsMissingHereIntoDebt() {
        limits.spent(ADA, 150);

        assertThat(limits.waitFor(ADA))
                .hasValueSatisfying(wait -> assertThat(wait.toSeconds()).isBetween(45L, 51L));
        assertThat(limits.waitFor(BOB)).isEmpty();
    }

    @Test
    void muchIsToldOnceAndLittleIsNot() {
        limits.elsewhere(ADA, 1);
        limits.elsewhere(BOB, 1);
        spend(ADA, 20);
        spend(BOB, 2);

        assertThat(limits.spent()).containsExactly(Map.entry(ADA, 20));
        assertThat(limits.spent()).isEmpty();
        spend(BOB, 3);
        assertThat(limits.spent()).containsExactly(Map.entry(BOB, 5));
    }

    @Test
    void ofWhoIsHereOnlyNothingIsTold() {
        spend(ADA, 50);
        limits.elsewhere(BOB, 1);
        spend(BOB, 50);
        limits.forgetElsewhere();

        assertThat(limits.spent()).isEmpty();
    }

    private void spend(UserId user, int events) {
        for (int i = 0; i < events; i++) {
            assertThat(limits.waitFor(user)).isEmpty();
        }
    }
}
