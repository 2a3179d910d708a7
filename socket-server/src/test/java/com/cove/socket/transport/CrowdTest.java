package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Hundreds who come while one event loop is busy, as after a restart. */
@Timeout(60)
class CrowdTest {
    private static final int LOOPS = 2 * Runtime.getRuntime().availableProcessors();
    private static final int EACH = 100;
    private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=polling";
    /** Of one that is read in several turns of its loop. */
    private static final String LONG_MESSAGE = "4" + "x".repeat(20_000);

    private final Map<EventExecutor, Integer> sessions = new ConcurrentHashMap<>();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<Integer> cameBefore = new CompletableFuture<>();
    private final HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private TransportConfig config;
    private SocketTransport transport;
    private EngineClient inside;
    private List<Wire> crowd;

    /** Somebody is in, whose loop is busy; all others have had theirs, and the busy one has as many before it. */
    @BeforeEach
    void come() throws Exception {
        config = EchoServer.config(Map.of(
                "SOCKET_HANDSHAKES_PER_SECOND", "100000",
                "SOCKET_HANDSHAKE_BURST", "100000",
                "SOCKET_MAX_CONNECTIONS_PER_ADDRESS", String.valueOf(1 + EACH * LOOPS)));
        transport = SocketTransport.start(
                config,
                timer,
                executor,
                _ -> {
                    sessions.merge(ThreadExecutorMap.currentExecutor(), 1, Integer::sum);
                    return MessageHandler.ofTexts(this::received);
                },
                () -> new HealthReport(true, "{}"),
                new SimpleMeterRegistry());
        inside = EngineClient.open("websocket", transport.port());
        inside.send("4work");
        busy.await();
        crowd = IntStream.range(0, EACH * LOOPS)
                .mapToObj(_ -> Wire.to(transport.port()))
                .toList();
        crowd.forEach(wire -> wire.request("GET", HANDSHAKE, ""));
        await().until(() -> transport.sessions() == 1 + EACH * (LOOPS - 1));
    }

    private void received(String message) {
        EventExecutor loop = ThreadExecutorMap.currentExecutor();
        if (message.equals("work")) {
            busy.countDown();
            while (released.getCount() > 0) {
                // works
            }
        } else {
            cameBefore.complete(sessions.getOrDefault(loop, 0) - 1);
        }
    }

    @AfterEach
    void leave() {
        released.countDown();
        crowd.forEach(Wire::close);
        inside.close();
        transport.close();
        executor.close();
        timer.stop();
    }

    @Test
    void whoIsInDoesNotWaitForAllWhoCome() throws Exception {
        inside.send(LONG_MESSAGE);

        released.countDown();

        assertThat(cameBefore.get()).isLessThan(EACH / 2);
        assertThat(crowd).allMatch(wire -> wire.reply("GET").status() == 200);
    }

    @Test
    void whoBreaksOffWhileWaitingCostsNoLineInTheLog() {
        Logger log = (Logger) LoggerFactory.getLogger("io.netty");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            crowd.forEach(Wire::reset);
            released.countDown();
            inside.send("4done");

            cameBefore.join();
            await().until(() ->
                    Wire.once(transport.port(), "GET", "/health", "").status() == 200);
            assertThat(lines.list).isEmpty();
        } finally {
            log.detachAppender(lines);
        }
    }

    @Test
    void whoBreaksOffWhileWaitingLeavesTheirSeatToOthers() {
        crowd.forEach(Wire::reset);
        released.countDown();

        int free = config.limits().networkConnectionsPerAddress() - 1;
        await().untilAsserted(() -> assertThat(served(free + 1)).isEqualTo(free));
    }

    /** How many of these connections, all at a time, are let in. */
    private long served(int connections) {
        List<Wire> wires = Stream.generate(() -> Wire.to(transport.port()))
                .limit(connections)
                .toList();
        try {
            wires.forEach(wire -> wire.request("GET", "/health", ""));
            return wires.stream().filter(wire -> !wire.ends()).count();
        } finally {
            wires.forEach(Wire::close);
        }
    }
}
