package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArrivalsTest {
    private static final int LOOPS = 2 * Runtime.getRuntime().availableProcessors();
    private static final int NEWCOMERS_EACH = 200;
    private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=polling";
    /** Of one that is read in several turns of its loop. */
    private static final String LONG_MESSAGE = "4" + "x".repeat(20_000);

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<Channel> opened = new ArrayList<>();
    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final Arrivals arrivals = new Arrivals(clock.eventLoop(), executor::add, opened::add);

    @Test
    void soManyAreOpenedInEachTurnInTheOrderInWhichTheyCame() {
        clock.freezeTime();
        List<EmbeddedChannel> all = arrive(2 * Arrivals.A_TURN + 1);

        assertThat(opened).isEqualTo(all.subList(0, Arrivals.A_TURN));
        nextTurn();
        assertThat(opened).isEqualTo(all.subList(0, 2 * Arrivals.A_TURN));
        nextTurn();
        assertThat(opened).isEqualTo(all);
    }

    @Test
    void whoComesAloneDoesNotWait() {
        clock.freezeTime();
        for (int i = 1; i <= 3; i++) {
            arrive(1);
            assertThat(opened).hasSize(i);
            nextTurn();
            nextTurn();
        }
    }

    @Test
    void whoHasLeftIsNotOpenedAndTakesNobodysTurn() {
        clock.freezeTime();
        List<EmbeddedChannel> all = arrive(2 * Arrivals.A_TURN + 1);
        all.get(Arrivals.A_TURN).close();

        nextTurn();

        assertThat(opened).hasSize(2 * Arrivals.A_TURN).doesNotContain(all.get(Arrivals.A_TURN));
    }

    @Test
    void aTurnLastsUntilTheExecutorHasDoneWhatItWasGiven() {
        clock.freezeTime();
        arrive(Arrivals.A_TURN + 1);

        passTime();
        assertThat(opened).hasSize(Arrivals.A_TURN);
        nextTurn();
        assertThat(opened).hasSize(Arrivals.A_TURN + 1);
    }

    private List<EmbeddedChannel> arrive(int count) {
        List<EmbeddedChannel> channels =
                Stream.generate(EmbeddedChannel::new).limit(count).toList();
        channels.forEach(arrivals::add);
        return channels;
    }

    private void nextTurn() {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
        passTime();
    }

    private void passTime() {
        clock.advanceTimeBy(Arrivals.TURN_MS, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }

    /** All come while their loops are busy, as after a restart, and somebody who was in already says something long. */
    @Test
    void whoIsInDoesNotWaitForAllWhoCome() throws Exception {
        Map<EventExecutor, Integer> sessions = new ConcurrentHashMap<>();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CompletableFuture<Integer> cameBefore = new CompletableFuture<>();
        HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            SocketTransport transport = SocketTransport.start(
                    EchoServer.config(Map.of()),
                    timer,
                    executor,
                    _ -> {
                        sessions.merge(ThreadExecutorMap.currentExecutor(), 1, Integer::sum);
                        return new TextHandler(message -> {
                            if (message.equals("work")) {
                                busy.countDown();
                                while (released.getCount() > 0) {
                                    // works
                                }
                            } else {
                                cameBefore.complete(sessions.getOrDefault(ThreadExecutorMap.currentExecutor(), 0) - 1);
                            }
                        });
                    },
                    () -> new HealthReport(true, "{}"),
                    new SimpleMeterRegistry());
            EngineClient client = EngineClient.open("websocket", transport.port());
            client.send("4work");
            busy.await();
            List<Wire> newcomers = IntStream.range(0, NEWCOMERS_EACH * LOOPS)
                    .mapToObj(_ -> Wire.to(transport.port()))
                    .toList();
            newcomers.forEach(wire -> wire.request("GET", HANDSHAKE, ""));
            client.send(LONG_MESSAGE);

            released.countDown();

            assertThat(cameBefore.get()).isLessThan(NEWCOMERS_EACH / 2);
            newcomers.forEach(wire -> assertThat(wire.reply("GET").status()).isEqualTo(200));
            await().until(() -> transport.sessions() == 1 + newcomers.size());
            newcomers.forEach(Wire::close);
            client.close();
            transport.close();
        } finally {
            released.countDown();
            timer.stop();
        }
    }
}
