package com.cove.socket;

import static com.cove.socket.RawWebSocket.CLOSE;
import static com.cove.socket.RawWebSocket.FINAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connections come and go in every way there is; in the end the server holds what it held before. {@code make soak} runs it
 * for ten minutes; here it is short. Each connection takes two file descriptors, as both ends are in this JVM.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SoakTest {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("cove.soak.seconds", 15));
    /** At a time. */
    private static final int CONNECTIONS = Integer.getInteger("cove.soak.connections", 200);

    private static final long SEED = System.nanoTime();
    private static final int USERS = 500;
    private static final int HANDSHAKES_AT_A_TIME = 32;
    /** What it does again and again by itself. */
    private static final long SERVERS_OWN_TIMEOUTS = 5;

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long HEAP_SLACK = 8 * MEBIBYTE;
    private static final Map<String, String> NO_LIMITS = Map.of(
            "SOCKET_MAX_CONNECTIONS_PER_ADDRESS", "1000000",
            "SOCKET_MAX_CONNECTIONS_PER_USER", "1000000",
            "SOCKET_HANDSHAKES_PER_SECOND", "1000000",
            "SOCKET_HANDSHAKE_BURST", "1000000",
            // As many a second as at once: so a rate is soon forgotten.
            "SOCKET_EVENTS_PER_SECOND", "500",
            "SOCKET_USER_EVENTS_PER_SECOND", "1000",
            "SOCKET_CONNECT_TIMEOUT_MS", "60000");

    private final AtomicInteger came = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Semaphore handshakes = new Semaphore(HANDSHAKES_AT_A_TIME);
    private final List<String> connects = new ArrayList<>();

    @Test
    void whatComesAndGoesLeavesNothing() throws Exception {
        try (TestServer server = TestServer.start(NO_LIMITS)) {
            for (int i = 0; i < USERS; i++) {
                connects.add("40{\"token\":\"" + server.tokens.issue("user-" + i) + "\"}");
            }
            comeAndGo(server, Duration.ofSeconds(4), Math.min(CONNECTIONS, 200));
            Map<String, Long> held = settled(server, Map.of());
            long heap = heap();
            came.set(0);

            comeAndGo(server, TIME, CONNECTIONS);

            Map<String, Long> left = settled(server, held);
            long after = heap();
            System.out.printf(
                    "seed %d: %d connections, %d at a time, %d failed; heap %d KiB before, %d KiB after%n",
                    SEED, came.get(), CONNECTIONS, failed.get(), heap / 1024, after / 1024);
            assertThat(left).isEqualTo(held);
            assertThat(after).as("heap after, %s before", heap).isLessThan(heap + HEAP_SLACK);
            assertThat(failed.get()).as("of " + came.get()).isLessThan(1 + came.get() / 100);
        }
    }

    private void comeAndGo(TestServer server, Duration time, int connections) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Thread> people = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Random random = new Random(SEED + i);
            people.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < end) {
                    come(server, random, time.dividedBy(4).toMillis(), end);
                }
            }));
        }
        for (Thread person : people) {
            person.join();
        }
    }

    /** One way to be a client; the numbers make the usual ones more frequent. */
    private void come(TestServer server, Random random, long stayMillis, long end) {
        came.incrementAndGet();
        int way = random.nextInt(10);
        try (RawHttp tcp = new RawHttp(server.port())) {
            if (way == 0) {
                poll(server, random);
                return;
            }
            RawWebSocket socket = handshake(tcp, way, random);
            stay(random.nextLong(stayMillis), end);
            switch (way) {
                case 3 -> socket.frame(FINAL | CLOSE, new byte[0]).awaitClosed();
                case 4 -> socket.text("1").awaitClosed();
                case 5 -> socket.text("41");
                case 6 -> socket.text("nonsense").awaitClosed();
                default -> {
                    // gone without a word
                }
            }
        } catch (UncheckedIOException | AssertionError e) {
            failed.incrementAndGet();
        }
    }

    private RawWebSocket handshake(RawHttp tcp, int way, Random random) {
        handshakes.acquireUninterruptibly();
        try {
            RawWebSocket socket = new RawWebSocket(tcp, "", "").read();
            socket.await("0{");
            if (way == 1) {
                return socket; // never asks to connect
            }
            if (way == 2) {
                socket.text("40{\"token\":\"forged\"}").await("44");
                return socket;
            }
            socket.text(connects.get(random.nextInt(USERS))).await("40{\"sid\"");
            socket.text("421[\"typing_stop\",{\"threadId\":\"x\"}]").await("431");
            return socket;
        } finally {
            handshakes.release();
        }
    }

    private void poll(TestServer server, Random random) {
        handshakes.acquireUninterruptibly();
        try (Stranger stranger = new Stranger(server, "nobody")) {
            String sid = stranger.polling();
            stranger.post(sid, connects.get(random.nextInt(USERS)));
            stranger.pollFor(sid, "40{\"sid\"");
            stranger.post(sid, "421[\"typing_stop\",{\"threadId\":\"x\"}]");
            stranger.pollFor(sid, "431");
        } finally {
            handshakes.release();
        }
    }

    private static void stay(long millis, long end) {
        LockSupport.parkNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(millis), Math.max(1, end - System.nanoTime())));
    }

    /** Once everybody is gone and caches have forgotten them: what the server holds, which is what it held before. */
    private static Map<String, Long> settled(TestServer server, Map<String, Long> before) {
        Map<String, Long> now = new TreeMap<>();
        await().atMost(60, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    System.gc();
                    now.clear();
                    now.putAll(Holdings.of(server.app()));
                    assertThat(now).containsEntry("Sessions.byId", 0L).containsEntry("Connections.byUser", 0L);
                    assertThat(now)
                            .containsEntry("EventRates.connections", 0L)
                            .containsEntry("RateLimiter.buckets", 0L);
                    assertThat(now.remove("SocketApp.timer")).as("timeouts").isLessThanOrEqualTo(SERVERS_OWN_TIMEOUTS);
                    now.keySet().removeIf(name -> name.endsWith(".timer"));
                    if (!before.isEmpty()) {
                        assertThat(now).isEqualTo(before);
                    }
                });
        return now;
    }

    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
