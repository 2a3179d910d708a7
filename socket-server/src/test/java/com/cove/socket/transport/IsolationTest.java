package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client does never holds up what another one said; each is served in the order in which it spoke. */
class IsolationTest {
    /** Connections are dealt to the event loops in turn: of so many in a row there is one on each. */
    private static final int LOOPS = 2 * Runtime.getRuntime().availableProcessors();

    private final CountDownLatch hang = new CountDownLatch(1);
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();
    private final List<EngineReader> readers = new ArrayList<>();
    private EchoServer server;

    @BeforeEach
    void start() throws IOException {
        server = EchoServer.socket(EchoServer.config(Map.of()), new Room(this::handle));
    }

    @AfterEach
    void stop() {
        hang.countDown();
        readers.forEach(EngineReader::close);
        server.close();
    }

    private void handle(Connection connection, InboundEvent event) {
        JsonNode arguments = Json.parse(event.json());
        switch (arguments.get(0).asText()) {
            case "hang" -> await(hang);
            case "throw" -> throw new IllegalStateException("for the test");
            case "overflow" -> throw new StackOverflowError("for the test");
            case "count" -> handled.add(arguments.get(1).asInt());
            default -> {
                // a flood's
            }
        }
        event.acknowledgement().answer(arguments.path(1).toString());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private EngineReader client(String transport) {
        EngineReader reader = EngineReader.connect(server.port(), transport, "{\"n\":" + readers.size() + "}");
        readers.add(reader);
        return reader;
    }

    /** One on each loop asks and is answered. */
    private void othersAreServed() {
        for (int i = 0; i < LOOPS; i++) {
            EngineReader other = client("websocket");
            other.send("421[\"echo\",\"hello\"]");
            assertThat(other.event()).isEqualTo("431[\"hello\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void whoseEventHangsWaitsAlone(String transport) {
        for (int i = 0; i < LOOPS; i++) {
            client(transport).send("421[\"hang\"]", "422[\"echo\",2]");
        }

        othersAreServed();

        hang.countDown();
        EngineReader one = readers.getFirst();
        assertThat(one.event()).startsWith("431");
        assertThat(one.event()).isEqualTo("432[2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "overflow"})
    void whoseEventFailsFailsAlone(String how) {
        EngineReader one = client("websocket");
        one.send("421[\"" + how + "\"]", "422[\"echo\",2]");

        assertThat(one.event()).isEqualTo("432[2]");
        othersAreServed();
    }

    /** Floods from every loop that end only when the others have been served. */
    @ParameterizedTest
    @ValueSource(strings = {"42[\"flood\"]", "3", "431[]"})
    void othersAreServedWhileFloodsGoOn(String packet) throws Exception {
        AtomicBoolean served = new AtomicBoolean();
        List<Thread> floods = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            EngineReader attacker = client("websocket");
            floods.add(Thread.ofPlatform().start(() -> {
                while (!served.get()) {
                    attacker.send(packet);
                }
            }));
        }

        try {
            othersAreServed();
        } finally {
            served.set(true);
            for (Thread flood : floods) {
                flood.join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void eventsAreHandledAndAnsweredInTheOrderTheyWereSent(String transport) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EngineReader client = client(transport);
        int answered = 0;
        for (int sent = 0; sent < 1_000; ) {
            List<String> packets = new ArrayList<>();
            for (int together = 1 + random.nextInt(20); together > 0 && sent < 1_000; together--, sent++) {
                packets.add("42" + sent + "[\"count\"," + sent + ",\"" + "x".repeat(random.nextInt(2_000)) + "\"]");
            }
            client.send(packets.toArray(String[]::new));
            // More than may wait would be refused.
            for (int last = sent == 1_000 ? sent : sent - 40; answered < last; answered++) {
                assertThat(client.event()).as("seed %s", seed).isEqualTo("43" + answered + "[" + answered + "]");
            }
        }
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }
}
