package com.cove.socket.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.history.Horizon;
import com.cove.model.user.UserId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TouchedTest {
    private static final UserId ADA = new UserId("ada");
    private final Touched touched = new Touched();

    /** A look that sees all before this transaction, and begins now. */
    private static Look look(long nextUnseen, Long... running) {
        return look("one", nextUnseen, running);
    }

    private static Look look(String epoch, long nextUnseen, Long... running) {
        long oldest = running.length == 0 ? nextUnseen : running[0];
        return new Look(new Horizon(epoch, oldest, nextUnseen, List.of(running)), System.nanoTime());
    }

    private List<UserId> after(Look look) {
        touched.looked(look.horizon());
        return touched.after(look, _ -> true);
    }

    private void sent(long transaction) {
        touched.sent(List.of(ADA), _ -> true, transaction);
    }

    @Test
    void whoWasSentSomethingIsAskedAfterTheLookThatSawIt() {
        after(look(9));
        sent(10);

        assertThat(after(look(10))).isEmpty();
        assertThat(after(look(11))).containsExactly(ADA);
        assertThat(after(look(12))).as("until the answer").containsExactly(ADA);

        touched.settled(ADA, 11);
        assertThat(after(look(12))).isEmpty();
    }

    @Test
    void whatWasSentSinceStaysOpen() {
        after(look(9));
        sent(10);
        sent(12);
        sent(11);
        touched.settled(ADA, 11);

        assertThat(after(look(11))).as("nothing new is seen").isEmpty();
        assertThat(after(look(13))).containsExactly(ADA);
        touched.settled(ADA, 13);
        assertThat(after(look(13))).isEmpty();
    }

    @Test
    void aTransactionThatRunsHoldsTheQuestionBack() {
        after(look(9));
        sent(12);

        assertThat(after(look(13, 11L))).isEmpty();
        assertThat(after(look(13))).containsExactly(ADA);
    }

    @Test
    void whoConnectedIsAskedAfterALookThatBeganThen() {
        Look before = look(9);
        touched.connected(ADA);
        assertThat(after(before)).isEmpty();

        Look held = look(9, 5L);
        assertThat(after(held)).containsExactly(ADA);
        touched.settled(ADA, 5);
        assertThat(after(held)).as("nothing new is seen").isEmpty();
        assertThat(after(look(9))).containsExactly(ADA);
        touched.settled(ADA, 9);
        assertThat(after(look(9))).isEmpty();
    }

    @Test
    void whoIsNotHereIsForgotten() {
        after(look(9));
        sent(10);
        touched.after(look(10), _ -> false);

        assertThat(after(look(11))).isEmpty();
    }

    @Test
    void whoComesBackMeanwhileIsNotForgotten() throws InterruptedException {
        after(look(9));
        sent(10);
        Thread sending = new Thread(() -> sent(11));
        touched.after(look(10), _ -> {
            sending.start();
            waitUntilItWaitsOrIsOver(sending);
            return false;
        });
        sending.join();

        assertThat(after(look(12))).containsExactly(ADA);
    }

    private static void waitUntilItWaitsOrIsOver(Thread thread) {
        while (thread.getState() != Thread.State.BLOCKED && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    /** Its ids are others, lower ones perhaps. */
    @Test
    void inAnotherHistoryEverybodyCountsAsConnectingNow() {
        after(look(9));
        sent(1_000);

        assertThat(after(look("two", 5))).isEmpty();
        assertThat(after(look("two", 5))).containsExactly(ADA);
        touched.settled(ADA, 5);
        assertThat(after(look("two", 5))).isEmpty();
    }
}
