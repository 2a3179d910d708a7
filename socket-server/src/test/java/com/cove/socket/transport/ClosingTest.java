package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No connection outlives the transport: to its client it would look like one to a server that does not answer, and a client
 * library that keeps connections for its next request sends that into the void instead of coming back elsewhere.
 */
class ClosingTest {
    /** Connections are dealt to the event loops in turn: of so many in a row there is one on each. */
    private static final int LOOPS = 2 * Runtime.getRuntime().availableProcessors();

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String TARGET = "/socket.io/?EIO=4&transport=polling";
    /** More packets than a loop delivers in one turn, so that the last one is delivered by a task of the loop. */
    private static final String SEVERAL_TURNS = "4\u001e".repeat(60) + "4work";

    private final HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch working = new CountDownLatch(LOOPS);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Queue<EngineSession> sessions = new ConcurrentLinkedQueue<>();
    private final List<Wire> wires = new ArrayList<>();
    private SocketTransport transport;

    @BeforeEach
    void start() throws IOException {
        transport = SocketTransport.start(
                EchoServer.config(Map.of()),
                timer,
                executor,
                session -> {
                    sessions.add(session);
                    return MessageHandler.ofTexts(this::work);
                },
                () -> new HealthReport(true, "{}"),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        wires.forEach(Wire::close);
        transport.close();
        timer.stop();
        executor.close();
    }

    @Test
    void connectionsThatWaitForTheirNextRequestAreClosedHoweverBusyTheirLoopsAre() throws Exception {
        List<Wire> waiting = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            Wire wire = connect();
            assertThat(wire.get("/health").status()).isEqualTo(200);
            waiting.add(wire);
        }
        keepAllLoopsBusy();

        closeMeanwhile();

        assertThat(waiting).allMatch(Wire::ends);
    }

    @Test
    void connectionsThatNoLoopHasTakenYetAreClosed() throws Exception {
        keepAllLoopsBusy();
        List<Wire> waiting = new ArrayList<>();
        // More than a loop opens before it closes.
        for (int i = 0; i < 3 * Arrivals.AT_A_TIME * LOOPS; i++) {
            waiting.add(connect());
        }

        closeMeanwhile();

        assertThat(waiting).allMatch(Wire::ends);
    }

    @Test
    void whatWaitsToBeSaidIsSaidBeforeConnectionsCloseHoweverBusyTheirLoopsAre() throws Exception {
        List<EngineClient> clients = Stream.generate(() -> EngineClient.open("websocket", transport.port()))
                .limit(LOOPS)
                .toList();
        clients.forEach(client -> client.send("4work"));
        awaitAllLoopsBusy();
        sessions.forEach(session -> session.send(Frame.text("4last words")));

        closeMeanwhile();

        assertThat(clients)
                .allSatisfy(client -> assertThat(client.next(2)).containsExactly("4last words", Wire.CLOSED));
    }

    private Wire connect() {
        Wire wire = Wire.to(transport.port());
        wires.add(wire);
        return wire;
    }

    /** Closes the transport, and keeps the loops busy until it waits for them or tells them to stop. */
    private void closeMeanwhile() throws InterruptedException {
        Thread closing = Thread.ofPlatform().start(transport::close);
        await().until(() -> !isListening());
        // Its one wait with a limit from here on is the one for the connections.
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING || !closing.isAlive());
        released.countDown();
        closing.join();
    }

    private boolean isListening() {
        try {
            Wire.to(transport.port()).close();
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private void keepAllLoopsBusy() throws InterruptedException {
        for (int i = 0; i < LOOPS; i++) {
            Wire wire = connect();
            String open = wire.get(TARGET).body();
            wire.request("POST", TARGET + "&sid=" + open.substring(9, open.indexOf('"', 9)), SEVERAL_TURNS);
        }
        awaitAllLoopsBusy();
    }

    private void awaitAllLoopsBusy() throws InterruptedException {
        assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Keeps its loop busy from the message {@code work} until it is released or the loop is told to stop. */
    private void work(String message) {
        if (message.equals("work")) {
            working.countDown();
            EventExecutor loop = ThreadExecutorMap.currentExecutor();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (released.getCount() > 0 && !loop.isShuttingDown() && System.nanoTime() < end) {
                // works
            }
        }
    }
}
