package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Members who take nothing while a thread goes on: the others notice nothing, and they themselves miss nothing. */
class SlowMemberTest {
    private static final int MESSAGES = 450;
    private static final int DEAR_MESSAGES = 200;
    /** 60 KB on the wire: each character twice, escaped. */
    private static final String DEAR_WORDS = "<".repeat(4_000);

    /** 16 KB in UTF-8. */
    private static final String WORDS = "😀".repeat(4_000);

    @Test
    void whoStalledIsLetGoAndRecoversAllOfItOnReturn() throws Exception {
        Map<String, String> settings = Map.of("SOCKET_OUTBOUND_BYTES", "1048576", "SOCKET_SLOW_CLIENT_MS", "2000");
        try (TestServer server = TestServer.start(settings);
                RawHttp bobsLine = new RawHttp(server.port(), 4_096);
                Stranger carolsPhone = new Stranger(server, "carol")) {
            ThreadId thread = server.thread("ann", "bob", "carol", "dave");
            String cursor = server.cursor("bob");
            RawWebSocket bob = new RawWebSocket(bobsLine, "", "");
            bob.text("40{\"token\":\"" + server.tokens.issue("bob") + "\"}");
            String carol = carolsPhone.connectedPolling();
            TestClient ann = server.connect("ann");
            TestClient dave = server.connect("dave");

            for (int seq = 1; seq <= MESSAGES; seq++) {
                ann.send(thread, WORDS);
                assertThat(dave.await("new_message").at("/message/seq").asInt()).isEqualTo(seq);
            }

            await().untilAsserted(() ->
                    assertThat(server.metrics()).contains("cove_session_ends_total{reason=\"slow_client\"} 2.0"));
            assertThat(carolsPhone.get(carol).status()).isEqualTo(400);
            assertThat(recovered(server, "bob", cursor)).containsExactlyElementsOf(all());
            assertThat(recovered(server, "carol", cursor)).containsExactlyElementsOf(all());
        }
    }

    /** On a thin line: what counts is that something is taken, not how far behind it is. */
    @Test
    void whoIsSlowAndSteadyIsServed() throws Exception {
        try (TestServer server = TestServer.start(Map.of("SOCKET_SLOW_CLIENT_MS", "2000"));
                RawHttp bobsLine = new RawHttp(server.port(), 262_144)) {
            ThreadId thread = server.thread("ann", "bob");
            RawWebSocket bob = new RawWebSocket(bobsLine, "", "").readSlowly(100_000, Duration.ofMillis(25));
            bob.text("40{\"token\":\"" + server.tokens.issue("bob") + "\"}");
            server.awaitMeter("cove_connects_total{state=\"first\"} 1.0");
            TestClient ann = server.connect("ann");

            for (int seq = 1; seq <= DEAR_MESSAGES; seq++) {
                ann.send(thread, DEAR_WORDS);
            }

            for (int seq = 1; seq <= DEAR_MESSAGES; ) {
                String frame = bob.next();
                assertThat(frame)
                        .as(
                                "%s",
                                server.metrics()
                                        .lines()
                                        .filter(line -> line.startsWith("cove_"))
                                        .toList())
                        .isNotEqualTo(RawWebSocket.CLOSED);
                if (frame.startsWith("42[\"new_message\"")) {
                    assertThat(frame).contains("\"seq\":" + seq + ",");
                    seq++;
                }
            }
            assertThat(server.metrics()).doesNotContain("slow_client");
        }
    }

    /** Each is more than is written at once, and taken at once. */
    @Test
    void whoTookALargeAnswerMayAskForAnotherMuchLater() throws Exception {
        Duration patience = Duration.ofSeconds(1);
        try (TestServer server =
                TestServer.start(Map.of("SOCKET_SLOW_CLIENT_MS", Long.toString(patience.toMillis())))) {
            ThreadId thread = server.thread("ann", "bob");
            Map<String, ?> sync = Map.of("cursor", server.cursor("bob"), "limit", 50);
            TestClient ann = server.connect("ann");
            for (int i = 0; i < 10; i++) {
                ann.send(thread, DEAR_WORDS);
            }
            TestClient bob = server.connect("bob");

            bob.ok("sync", sync);
            long asked = System.nanoTime();
            await().until(() -> System.nanoTime() - asked > 2 * patience.toNanos());

            assertThat(bob.ok("sync", sync).path("messages")).isNotEmpty();
            assertThat(server.metrics()).doesNotContain("slow_client");
        }
    }

    private static List<Long> all() {
        return LongStream.rangeClosed(1, MESSAGES).boxed().toList();
    }

    /** The messages that {@code sync} gives to somebody who is back, in pages that fit into what may wait for a client. */
    private static List<Long> recovered(TestServer server, String user, String since) {
        List<Long> seqs = new ArrayList<>();
        TestClient back = server.connect(user);
        String cursor = since;
        boolean more = true;
        while (more) {
            JsonNode page = back.ok("sync", Map.of("cursor", cursor, "limit", 20));
            page.path("messages")
                    .forEach(message -> seqs.add(message.path("seq").asLong()));
            cursor = page.path("cursor").asText();
            more = page.path("hasMore").asBoolean();
        }
        return seqs;
    }
}
