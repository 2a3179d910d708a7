package com.cove.socket.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.UserTyping;
import com.cove.model.hook.Delivery;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who puts a hint into a queue never waits, though nobody takes anything out; and what waits is bounded. */
@Timeout(20)
class HintQueuesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HintMeters meters = new HintMeters(registry);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch stuck = new CountDownLatch(1);

    @AfterEach
    void stop() {
        stuck.countDown();
        executor.shutdownNow();
    }

    @Test
    void whoTellsNeverWaitsForRedis() {
        CountDownLatch asking = new CountDownLatch(1);
        Outbox outbox = new Outbox(
                () -> {
                    asking.countDown();
                    awaited(stuck);
                    return null;
                },
                meters);
        executor.execute(outbox::work);
        outbox.add(read(0, "t"));
        awaited(asking);

        for (int i = 1; i <= 5_000; i++) {
            outbox.add(read(i, "t"));
        }

        assertThat(dropped("outbox")).isEqualTo(3_000);
        stuck.countDown();
        await().until(() -> dropped("redis") == 2_001);
        outbox.close();
    }

    @Test
    void whoReceivesNeverWaitsForTheDatabase() {
        Inbox inbox = new Inbox(_ -> awaited(stuck), _ -> {}, meters, executor);
        String hint = Hint.write(read(1, "t".repeat(100)));
        int fits = 16 * 1024 * 1024 / hint.length();

        for (int i = 0; i < fits + 1_000; i++) {
            inbox.take(hint);
        }

        // One more may have been taken by then.
        assertThat(dropped("inbox")).isBetween(998.0, 1_000.0);
        inbox.close();
    }

    @Test
    void oneSlowThreadHoldsUpNoneOfAnotherLaneAndEachIsInOrder() {
        List<Long> heard = new ArrayList<>();
        AtomicInteger others = new AtomicInteger();
        Inbox inbox = new Inbox(
                delivery -> {
                    Change.Reading read = (Change.Reading) delivery.change();
                    if (read.thread().value().equals("slow")) {
                        awaited(stuck);
                        heard.add(read.lastReadSeq());
                    } else {
                        others.incrementAndGet();
                    }
                },
                _ -> {},
                meters,
                executor);
        for (int i = 1; i <= 100; i++) {
            inbox.take(Hint.write(read(i, "slow")));
            inbox.take(Hint.write(read(i, "other")));
        }

        await().until(() -> others.get() == 100);
        stuck.countDown();
        inbox.take(Hint.write(read(101, "slow")));
        await().until(() -> registry.counter("cove.hints.received").count() == 201);
        inbox.close();
        executor.shutdown();
        await().until(executor::isTerminated);

        assertThat(heard).hasSize(101).isSorted();
    }

    /** Under pressure, what is true for a moment goes before what is stored. */
    @Test
    void signalsAreDroppedFirst() {
        Signal typing =
                new Signal(List.of(new UserId("bob")), new UserTyping(new ThreadId("t"), new UserId("ada"), true));
        Outbox outbox = new Outbox(() -> null, meters);
        for (int i = 0; i < 500; i++) {
            outbox.add(read(i, "t"));
        }
        outbox.add(typing);
        assertThat(dropped("outbox")).isEqualTo(1);
        outbox.add(read(500, "t"));
        assertThat(dropped("outbox")).isEqualTo(1);

        List<Signal> heard = new CopyOnWriteArrayList<>();
        Inbox inbox = new Inbox(_ -> awaited(stuck), heard::add, meters, executor);
        inbox.take(Inbox.SIGNALS + Signal.toJson(List.of(typing, typing)));
        await().until(() -> heard.equals(List.of(typing, typing)));
        String hint = Hint.write(read(1, "t".repeat(100)));
        for (int i = 0; i < 4 * 1024 * 1024 / hint.length() + 2; i++) {
            inbox.take(hint);
        }
        assertThat(dropped("inbox")).isZero();
        inbox.take(Inbox.SIGNALS + Signal.toJson(List.of(typing)));
        assertThat(dropped("inbox")).isEqualTo(1);
        inbox.close();
    }

    private double dropped(String cause) {
        return registry.counter("cove.hints.dropped", "cause", cause).count();
    }

    private static Delivery read(long seq, String thread) {
        return new Delivery(
                List.of(new UserId("ada")),
                Change.of(
                        new MessageRead(
                                new MessageId("m"), new ThreadId(thread), new UserId("bob"), Instant.EPOCH, seq),
                        seq));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
