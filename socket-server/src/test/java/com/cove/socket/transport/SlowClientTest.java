package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who takes nothing costs a bounded amount, and nobody else anything. */
class SlowClientTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int OUTBOUND_BYTES = 4 * MEBIBYTE;
    private static final int EVENT_BYTES = 64 * 1024;
    private static final int EVENTS = 300 * MEBIBYTE / EVENT_BYTES;
    /** What the readers may be behind, and what the machinery around takes. */
    private static final int SLACK = 32 * MEBIBYTE;

    private static final int AHEAD = 16;

    private final Room room = new Room((_, _) -> {});

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void memoryStaysFlatWhile300MegabytesAreSentAtSomebodyWhoTakesNothing(String transport) throws Exception {
        TransportConfig config = EchoServer.config(Map.of("SOCKET_OUTBOUND_BYTES", Integer.toString(OUTBOUND_BYTES)));
        try (EchoServer server = EchoServer.socket(config, room);
                EngineReader stalled = EngineReader.connect(server.port(), transport, "{\"stalled\":1}");
                EngineReader first = EngineReader.connect(server.port(), "websocket", "{\"first\":1}");
                EngineReader second = EngineReader.connect(server.port(), "polling", "{\"second\":1}")) {
            await().until(() -> room.members().size() == 3);
            Collection<Connection> members = List.copyOf(room.members().values());
            List<Reading> readers = List.of(new Reading(first), new Reading(second));

            long before = memory();
            long most = before;
            for (int i = 0; i < EVENTS; i++) {
                for (Reading reader : readers) {
                    assertThat(reader.ahead.tryAcquire(10, TimeUnit.SECONDS))
                            .as("others get event %s", i)
                            .isTrue();
                }
                OutboundEvent event = OutboundEvent.of("[\"e\"," + i + ",\"" + "x".repeat(EVENT_BYTES) + "\"]");
                members.forEach(member -> member.send(event));
                if (i % 400 == 150) {
                    most = Math.max(most, memory());
                }
            }

            for (Reading reader : readers) {
                assertThat(reader.all.get(20, TimeUnit.SECONDS)).isEqualTo(EVENTS);
            }
            assertThat(room.ends()).containsExactly("{\"stalled\":1} slow client");
            assertThat(most - before).as("bytes more than before").isLessThan(OUTBOUND_BYTES + SLACK);
            assertThat(stalled).isNotNull();
        }
    }

    /** Heap after a collection and native buffers. */
    private static long memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long direct = ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
        return runtime.totalMemory() - runtime.freeMemory() + direct;
    }

    /** Somebody who takes what comes, and checks that it comes in order. */
    private static final class Reading {
        private final Semaphore ahead = new Semaphore(AHEAD);
        private final CompletableFuture<Integer> all = new CompletableFuture<>();

        Reading(EngineReader reader) {
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < EVENTS; i++) {
                        assertThat(reader.event()).startsWith("42[\"e\"," + i + ",");
                        ahead.release();
                    }
                    all.complete(EVENTS);
                } catch (Exception | AssertionError e) {
                    all.completeExceptionally(e);
                }
            });
        }
    }
}
