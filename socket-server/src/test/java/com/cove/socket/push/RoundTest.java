package com.cove.socket.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.VerifiedToken;
import com.cove.model.user.UserId;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OpeningConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTest {
    private static final UserId ADA = new UserId("ada");
    private static final UserId BOB = new UserId("bob");
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Connection connection =
            OpeningConnection.of(new VerifiedToken(ADA, null, null, Instant.EPOCH, Instant.MAX));
    private final Round round = new Round(5, List.of(ADA, BOB));

    @Test
    void itIsNotOverBeforeItIsKnownOfAllWhetherTheyAreToBeAsked() {
        assertThat(round.some(1)).containsExactly(ADA);
        round.decided(1);
        assertThat(round.isOver(Duration.ZERO)).isFalse();

        assertThat(round.some(10)).containsExactly(BOB);
        round.decided(1);
        assertThat(round.isOver(FOR_EVER)).isTrue();
    }

    @Test
    void itIsOverOnceAllHaveAnsweredOrHadTheTimeTo() {
        round.awaits(ADA, List.of(connection));
        round.decided(2);
        assertThat(round.isOver(FOR_EVER)).isFalse();
        assertThat(round.isOver(Duration.ZERO)).isTrue();

        round.answered(ADA);
        assertThat(round.isOver(FOR_EVER)).isTrue();
    }

    @Test
    void whoCannotBeAskedNowIsAskedAgain() {
        round.awaits(ADA, List.of(connection));
        List<Connection> asked = new ArrayList<>();

        for (boolean taken : new boolean[] {false, true, true}) {
            round.ask(each -> {
                asked.add(each);
                return taken;
            });
        }

        assertThat(asked).containsExactly(connection, connection);
    }
}
