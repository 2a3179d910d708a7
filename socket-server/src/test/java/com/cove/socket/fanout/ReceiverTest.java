package com.cove.socket.fanout;

import static com.cove.socket.fanout.Histories.horizon;
import static com.cove.socket.fanout.Histories.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.VerifiedToken;
import com.cove.db.history.Horizon;
import com.cove.db.news.NewsStore;
import com.cove.db.recovery.Missed;
import com.cove.db.sql.Transactions;
import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OpeningConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes out on one connection, while it begins and after. */
class ReceiverTest {
    private static final Horizon BEGINNING = horizon(200);

    private final Timer timer = new HashedWheelTimer();
    private final Connections connections = new Connections();
    private final Fanout fanout = new Fanout(
            connections,
            new NewsStore(new Transactions(Jdbi.create("jdbc:none:"))),
            timer,
            Runnable::run,
            new SimpleMeterRegistry());
    private final Connection connection =
            OpeningConnection.of(new VerifiedToken(new UserId("ada"), null, null, Instant.EPOCH, Instant.MAX));
    private final Receiver receiver = new Receiver(connection, fanout);

    @AfterEach
    void stop() {
        timer.stop();
    }

    /** A round counts them as delivered: its sequence has sent them, to everybody and to the receiver. */
    @Test
    void whatCameWhileItBeganIsSentAlthoughARoundHasEndedMeanwhile() {
        assertThat(receive(200)).isTrue();
        assertThat(receive(201)).isTrue();
        fanout.delivered(new Delivered(5, horizon(202)));

        receiver.begin(new Seen(BEGINNING), new Missed(BEGINNING, List.of()), 5);

        assertThat(OpeningConnection.sent(connection)).isEqualTo(2);
    }

    @Test
    void whatItsBeginningSeesIsNotSent() {
        receive(199);
        receiver.begin(new Seen(BEGINNING), new Missed(BEGINNING, List.of()), 5);

        assertThat(receive(198)).isFalse();
        assertThat(OpeningConnection.sent(connection)).isZero();
    }

    @Test
    void whatWasSentIsNotSentAgainBeforeOrAfterItCountsAsDelivered() {
        receiver.begin(new Seen(BEGINNING), new Missed(BEGINNING, List.of()), 5);
        assertThat(receive(200)).isTrue();
        assertThat(receive(200)).isFalse();
        fanout.delivered(new Delivered(5, horizon(201)));
        assertThat(receive(201)).isTrue();

        assertThat(receive(200)).isFalse();
        assertThat(OpeningConnection.sent(connection)).isEqualTo(2);
    }

    @Test
    void whatWasMissedIsSentOnce() {
        receive(201);
        receiver.begin(new Seen(BEGINNING), new Missed(horizon(202), List.of(reading(200), reading(201))), 5);

        assertThat(receive(200)).isFalse();
        assertThat(OpeningConnection.sent(connection)).isEqualTo(2);
    }

    /** Who tells of a reading holds its reader's watermark, and who begins asks for it: neither may wait for the other. */
    @Test
    void whoBeginsAndWhoTellsDoNotWaitForEachOther() throws Exception {
        connections.add(receiver);
        receive(200);
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch tell = new CountDownLatch(1);
        fanout.observe(_ -> {
            telling.countDown();
            try {
                assertThat(tell.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Delivery delivery = new Delivery(List.of(new UserId("ada")), reading(201));
        CompletableFuture<Integer> told = new CompletableFuture<>();
        Thread teller = Thread.ofPlatform().daemon().start(() -> told.complete(fanout.tell(delivery)));
        assertThat(telling.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> began = new CompletableFuture<>();
        Thread beginner = Thread.ofPlatform().daemon().start(() -> {
            receiver.begin(new Seen(BEGINNING), new Missed(BEGINNING, List.of()), 5);
            began.complete(true);
        });
        await().until(() -> beginner.getState() == Thread.State.BLOCKED);

        tell.countDown();

        assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(began.get(10, TimeUnit.SECONDS)).isTrue();
        teller.join();
        beginner.join();
        assertThat(OpeningConnection.sent(connection)).isEqualTo(2);
    }

    private boolean receive(long transaction) {
        try (Broadcast event = new Broadcast(reading(transaction))) {
            return receiver.receive(event);
        }
    }
}
