package com.cove.socket.fanout;

import static com.cove.socket.fanout.Histories.horizon;
import static com.cove.socket.fanout.Histories.reading;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.history.Horizon;
import com.cove.socket.fanout.Broadcast.Step;
import org.junit.jupiter.api.Test;

/** What many connections share of one change. */
class BroadcastTest {
    private static final Horizon EARLY = horizon(100);
    private static final Delivered DELIVERED = new Delivered(3, horizon(200));

    @Test
    void whoHasSeenTheSameIsWorkedOutOnce() {
        Seen seen = new Seen(EARLY);
        try (Broadcast broadcast = new Broadcast(reading(300))) {
            assertThat(broadcast.step(seen, null)).isSameAs(broadcast.step(seen, null));
            assertThat(broadcast.step(seen, DELIVERED)).isNotEqualTo(broadcast.step(seen, null));
        }
    }

    @Test
    void whoHasSeenTheSameSharesItFromThenOn() {
        Seen one = new Seen(EARLY).with(reading(150));
        Seen other = new Seen(horizon(120)).with(reading(150));
        try (Broadcast broadcast = new Broadcast(reading(300))) {
            Step first = broadcast.step(one, DELIVERED);
            Step second = broadcast.step(other, DELIVERED);

            assertThat(second.after()).isSameAs(first.after());
            assertThat(second.event()).isNotNull().isSameAs(first.event());
        }
    }

    @Test
    void whoHasSeenSomethingElseDoesNot() {
        try (Broadcast broadcast = new Broadcast(reading(300))) {
            Step first = broadcast.step(new Seen(EARLY).with(reading(250)), DELIVERED);
            Step second = broadcast.step(new Seen(EARLY).with(reading(251)), DELIVERED);

            assertThat(second.after().offset()).isNotEqualTo(first.after().offset());
            assertThat(second.event()).isNotSameAs(first.event());
            assertThat(first.after().includes(reading(251))).isFalse();
        }
    }

    /** Their offsets are alike, because nothing can be recovered from them. */
    @Test
    void whoHasSeenTooMuchToTellKeepsTheirOwn() {
        Seen one = new Seen(EARLY);
        Seen other = new Seen(EARLY);
        for (int i = 0; i < 1_000; i++) {
            one = one.with(reading(1_000 + i));
            other = other.with(reading(5_000 + i));
        }
        try (Broadcast broadcast = new Broadcast(reading(300))) {
            Step first = broadcast.step(one, null);
            Step second = broadcast.step(other, null);

            assertThat(Seen.isUnrecoverable(first.after().offset())).isTrue();
            assertThat(second.event()).isSameAs(first.event());
            assertThat(second.after().includes(reading(5_999))).isTrue();
            assertThat(first.after().includes(reading(5_999))).isFalse();
        }
    }

    @Test
    void whoHasItGetsNothing() {
        Seen seen = new Seen(EARLY);
        try (Broadcast broadcast = new Broadcast(reading(99))) {
            assertThat(broadcast.step(seen, DELIVERED)).isEqualTo(new Step(DELIVERED, seen, null));
        }
    }
}
