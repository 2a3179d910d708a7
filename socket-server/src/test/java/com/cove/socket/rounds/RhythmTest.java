package com.cove.socket.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RhythmTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final Rhythm quick = new Rhythm(Duration.ZERO);

    @Test
    void aRoundBeginsOnceSomethingIsToDoOrAfterAWhile() throws Exception {
        quick.wake();
        assertThat(quick.next(LONG)).isTrue();
        assertThat(quick.next(Duration.ZERO)).isTrue();
    }

    @Test
    void whatWokeItIsDoneByOneRound() throws Exception {
        quick.wake();
        quick.wake();
        assertThat(quick.next(LONG)).isTrue();
        waitsUntilItIsClosed(quick);
    }

    @Test
    void aRoundKeepsItsPaceHoweverOftenItIsWoken() throws Exception {
        Rhythm slow = new Rhythm(LONG);
        slow.wake();
        waitsUntilItIsClosed(slow);
    }

    @Test
    void noneBeginsOnceItIsClosed() throws Exception {
        quick.close();
        assertThat(quick.isClosed()).isTrue();
        assertThat(quick.next(LONG)).isFalse();
    }

    /** For what is still under way. */
    @Test
    void onceItIsClosedItStillWaitsToBeWoken() throws Exception {
        quick.close();
        assertThat(quick.next(LONG)).isFalse();
        assertThat(whileItWaits(quick, quick::wake)).isFalse();
    }

    private static void waitsUntilItIsClosed(Rhythm rhythm) throws Exception {
        assertThat(whileItWaits(rhythm, rhythm::close)).isFalse();
    }

    /** What it says after something happened while it waited. */
    private static boolean whileItWaits(Rhythm rhythm, Runnable event) throws Exception {
        var begins = new CompletableFuture<Boolean>();
        Thread worker = Thread.startVirtualThread(() -> {
            try {
                begins.complete(rhythm.next(LONG));
            } catch (InterruptedException e) {
                begins.completeExceptionally(e);
            }
        });
        while (worker.getState() != Thread.State.TIMED_WAITING && worker.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(worker.isAlive()).as("it waits").isTrue();
        event.run();
        return begins.get();
    }
}
