package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much one client may do, and what it is told beyond. */
class LimitsTest {
    private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=polling";
    private @Nullable TestServer running;

    private TestServer start(String... settings) throws IOException {
        Map<String, String> variables = IntStream.range(0, settings.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> settings[2 * i], i -> settings[2 * i + 1]));
        running = TestServer.start(variables);
        return running;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    // --- events ---

    @Test
    void aConnectionThatSendsTooFastIsToldHowLongToWait() throws Exception {
        TestServer server = start("SOCKET_EVENTS_PER_SECOND", "1", "SOCKET_EVENT_BURST", "3");
        ThreadId thread = server.thread("ada", "bob");
        try (RawSocket ada = RawSocket.connect(server.port(), server.tokens.issue("ada"))) {
            String typing = "{\"threadId\":\"" + thread + "\"}";
            for (int i = 0; i < 3; i++) {
                assertThat(ada.emit("typing_start", typing).path("ok").asBoolean())
                        .isTrue();
            }

            JsonNode error = untilRefused(() -> ada.emit("typing_start", typing).path("error"));

            assertThat(error.path("code").asText()).isEqualTo("rate_limited");
            assertThat(error.path("retryAfterMs").asInt()).isBetween(1, 1_000);
            assertThat(server.connect("bob").ok("typing_start", Map.of("threadId", thread.value())))
                    .as("somebody else")
                    .isNotNull();
        }
    }

    @Test
    void aUserHasOneRateOverAllItsConnections() throws Exception {
        int burst = 20;
        TestServer server =
                start("SOCKET_USER_EVENTS_PER_SECOND", "1", "SOCKET_USER_EVENT_BURST", Integer.toString(burst));
        ThreadId thread = server.thread("ada", "bob");
        JSONObject typing = TestClient.json(Map.of("threadId", thread.value()));
        TestClient phone = server.connect("ada");
        TestClient laptop = server.connect("ada");
        AtomicInteger asked = new AtomicInteger();

        JsonNode error = untilRefused(() -> (asked.incrementAndGet() % 2 == 0 ? phone : laptop)
                .emit("typing_start", typing)
                .path("error"));

        assertThat(error.path("code").asText()).isEqualTo("rate_limited");
        assertThat(asked).as("less than each could alone").hasValueBetween(burst + 1, 2 * burst);
    }

    /** What is answered as the first refusal: how many are taken before it, at a second's distance, is up to the machine. */
    private static JsonNode untilRefused(Supplier<JsonNode> error) {
        return await().pollInterval(Duration.ZERO).until(error::get, answer -> !answer.isMissingNode());
    }

    @Test
    void whoTakesNoHeedOfRefusalsIsClosed() throws Exception {
        TestServer server = start("SOCKET_EVENTS_PER_SECOND", "1", "SOCKET_EVENT_BURST", "2");
        try (RawSocket ada = RawSocket.connect(server.port(), server.tokens.issue("ada"))) {
            for (int i = 0; i < 2 + 10 * 2 + 20; i++) {
                ada.trySend("42[\"nothing\"]");
            }

            ada.awaitClosed();
        }
    }

    @Test
    void argumentsWithoutEndAreRefused() throws Exception {
        TestServer server = start("SOCKET_MAX_ARGUMENTS", "2");
        try (RawSocket ada = RawSocket.connect(server.port(), server.tokens.issue("ada"))) {
            assertThat(ada.emit("typing_start", "{},2").at("/error/message").asText())
                    .contains("threadId");

            JsonNode error = ada.emit("typing_start", "{},2,3").path("error");

            assertThat(error.path("code").asText()).isEqualTo("invalid_request");
            assertThat(error.path("message").asText()).contains("2 arguments");
        }
    }

    @Test
    void theDepthOfAnEventIsConfigurable() throws Exception {
        TestServer server = start("SOCKET_MAX_JSON_DEPTH", "10");
        try (RawSocket ada = RawSocket.connect(server.port(), server.tokens.issue("ada"))) {
            assertThat(ada.emit("nothing", "[".repeat(9) + "]".repeat(9)).path("error"))
                    .isNotEmpty();

            ada.send("42[\"nothing\"," + "[".repeat(10) + "]".repeat(10) + "]");

            ada.awaitClosed();
        }
    }

    // --- connections ---

    @Test
    void aUserHasSoManyConnectionsAndNoMore() throws Exception {
        TestServer server = start("SOCKET_MAX_CONNECTIONS_PER_USER", "2");
        TestClient first = server.connect("ada");
        server.connect("ada");

        TestClient third = server.client(server.tokens.issue("ada"), "websocket");
        third.open();
        JsonNode refusal = third.expect("connect_error");
        assertThat(refusal.path("message").asText()).isEqualTo("rate_limited");
        assertThat(refusal.at("/data/retryAfterMs").asInt()).isPositive();
        server.connect("bob");

        first.close();
        server.awaitMeter("cove_connections 2.0");
        server.connect("ada");
    }

    @Test
    void anAddressHasSoManySessionsAndNoMore() throws Exception {
        TestServer server = start("SOCKET_MAX_CONNECTIONS_PER_ADDRESS", "2", "SOCKET_TRUSTED_PROXIES", "127.0.0.1");
        TestClient first = server.connect("ada");
        server.connect("bob");

        assertThat(server.get(HANDSHAKE).statusCode()).isEqualTo(429);
        assertThat(server.get(HANDSHAKE, "X-Forwarded-For", "198.51.100.7").statusCode())
                .as("another address")
                .isEqualTo(200);

        first.close();
        // Bob's, and that of the other address: a client leaves the namespace before it closes its session.
        server.awaitMeter("cove_sessions 2.0");
        assertThat(server.get(HANDSHAKE).statusCode()).isEqualTo(200);
    }

    @Test
    void handshakesOfAnAddressHaveARate() throws Exception {
        TestServer server = start("SOCKET_HANDSHAKES_PER_SECOND", "1", "SOCKET_HANDSHAKE_BURST", "2");
        assertThat(server.get(HANDSHAKE).statusCode()).isEqualTo(200);
        assertThat(server.get(HANDSHAKE).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = untilTooMany(() -> server.get(HANDSHAKE));

        assertThat(refused.body()).contains("Too many handshakes");
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> untilTooMany(Supplier<HttpResponse<String>> answer) {
        return await().pollInterval(Duration.ZERO).until(answer::get, given -> given.statusCode() == 429);
    }

    /** What a client writes into the header itself must not count: it would have as many addresses as it likes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "            | 198.51.100.7               | a header that nobody vouches for",
                "10.0.0.0/8  | 198.51.100.7               | not from our proxy",
                "127.0.0.1   | 198.51.100.%d, 203.0.113.9 | in front of what our proxy wrote",
                "127.0.0.1   | nonsense %d                | no address",
                "127.0.0.0/8 | 198.51.100.%d,203.0.113.9, 127.0.0.7 | in front of two proxies",
                "127.0.0.1   | 2001:db8:1:2::%d           | an IPv6 network",
                "127.0.0.1   | 203.0.113.9:%d             | a port",
            })
    void anAddressCannotBeChosen(@Nullable String proxies, String header, String what) throws Exception {
        TestServer server = start(
                "SOCKET_TRUSTED_PROXIES", proxies == null ? "" : proxies,
                "SOCKET_HANDSHAKES_PER_SECOND", "1",
                "SOCKET_HANDSHAKE_BURST", "1");

        AtomicInteger client = new AtomicInteger();
        HttpResponse<String> refused = untilTooMany(
                () -> server.get(HANDSHAKE, "X-Forwarded-For", header.formatted(client.incrementAndGet())));

        assertThat(client).as(what).hasValueBetween(2, 100);
        assertThat(refused.body()).contains("Too many handshakes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.%d",
                "198.51.100.%d:4711",
                "[2001:db8:%d::1]:4711",
                "[2001:db8:%d::1]",
                "2001:db8:%d::1",
                "203.0.113.9, 198.51.100.%d"
            })
    void clientsBehindAProxyAreToldApart(String header) throws Exception {
        TestServer server = start(
                "SOCKET_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1",
                "SOCKET_HANDSHAKES_PER_SECOND", "1",
                "SOCKET_HANDSHAKE_BURST", "1");

        for (int client = 1; client <= 3; client++) {
            assertThat(server.get(HANDSHAKE, "X-Forwarded-For", header.formatted(client))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    // --- requests ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /socket.io/?EIO=4",
                "POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nContent-Length: 100\r\n\r\n2",
            })
    void aRequestThatDoesNotEndIsClosed(String beginning) throws Exception {
        TestServer server = start("SOCKET_HEADER_TIMEOUT_MS", "1000", "SOCKET_REQUEST_TIMEOUT_MS", "1000");
        String sid = Json.parse(server.get(HANDSHAKE).body().substring(1))
                .path("sid")
                .asText();
        try (RawHttp slow = new RawHttp(server.port())) {
            assertThat(slow.send(beginning.replace("{sid}", sid)).readToEnd()).isEmpty();
        }
    }

    @Test
    void theSecondRequestOfAConnectionHasATimeToo() throws Exception {
        TestServer server = start("SOCKET_HEADER_TIMEOUT_MS", "1000");
        try (RawHttp slow = new RawHttp(server.port())) {
            slow.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(slow.readHead()).startsWith("HTTP/1.1 200");

            assertThat(slow.send("GET /").readToEnd()).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void aWaitingPollAndAWebSocketAreNoSlowRequests() throws Exception {
        TestServer server = start("SOCKET_HEADER_TIMEOUT_MS", "1000", "SOCKET_REQUEST_TIMEOUT_MS", "1000");
        ThreadId thread = server.thread("ada", "bob");
        TestClient ada = server.connect("ada", "polling");
        TestClient bob = server.connect("bob");
        try (RawHttp slow = new RawHttp(server.port())) {
            assertThat(slow.readToEnd()).isEmpty();
        }

        bob.send(thread, "still there?");

        assertThat(ada.await("new_message").at("/message/content").asText()).isEqualTo("still there?");
    }

    // --- origins ---

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com, 200",
        "https://APP.example.com, 200",
        "https://a.b.example.org, 200",
        "https://example.org, 403",
        "http://a.example.org, 403",
        "http://app.example.com, 403",
        "https://app.example.com.evil.net, 403",
        "https://evilexample.org, 403",
        "null, 403",
    })
    void onlyPagesOfTheListMayUseTheServer(String origin, int status) throws Exception {
        TestServer server = start("SOCKET_ALLOWED_ORIGINS", "https://app.example.com, https://*.example.org");

        HttpResponse<String> polling = server.get(HANDSHAKE, "Origin", origin);

        assertThat(polling.statusCode()).isEqualTo(status);
        assertThat(polling.headers().firstValue("Access-Control-Allow-Origin").orElse(""))
                .isEqualTo(status == 200 ? origin : "");
        assertThat(upgradeStatus(server, origin)).isEqualTo(status == 200 ? 101 : 403);
        assertThat(server.get(HANDSHAKE).statusCode()).as("no browser").isEqualTo(200);
    }

    private static int upgradeStatus(TestServer server, String origin) {
        try (RawHttp socket = new RawHttp(server.port())) {
            String head = socket.send(
                            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .readHead();
            return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }
    }

    // --- network connections ---

    @Test
    void anAddressHasSoManyNetworkConnectionsAndNoMore() throws Exception {
        TestServer server = start("SOCKET_MAX_CONNECTIONS_PER_ADDRESS", "1");
        RawHttp first = new RawHttp(server.port());
        List<RawHttp> others =
                Stream.generate(() -> new RawHttp(server.port())).limit(3).toList();
        others.forEach(LimitsTest::assertServed);
        assertServed(first);

        try (RawHttp fifth = new RawHttp(server.port())) {
            assertThat(fifth.readUntilClosed()).isEmpty();
        }
        server.awaitMeter("cove_refusals_total{cause=\"too_many_connections\"} 1.0");
        others.forEach(LimitsTest::assertServed);

        first.close();
        await().untilAsserted(() -> {
            try (RawHttp another = new RawHttp(server.port())) {
                assertServed(another);
            }
        });
        others.forEach(RawHttp::close);
    }

    @Test
    void aTrustedProxyHasAsManyNetworkConnectionsAsItLikes() throws Exception {
        TestServer server = start("SOCKET_MAX_CONNECTIONS_PER_ADDRESS", "1", "SOCKET_TRUSTED_PROXIES", "127.0.0.1");
        List<RawHttp> all =
                Stream.generate(() -> new RawHttp(server.port())).limit(8).toList();

        all.forEach(LimitsTest::assertServed);

        all.forEach(RawHttp::close);
    }

    private static void assertServed(RawHttp tcp) {
        tcp.trySend("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(tcp.readHead()).startsWith("HTTP/1.1 200");
    }

    // --- meters ---

    /** A frame of which most never comes, and fragments without end. */
    @ParameterizedTest
    @ValueSource(ints = {RawWebSocket.FINAL | RawWebSocket.TEXT, RawWebSocket.TEXT})
    void aStrangersMessageIsCutOff(int first) throws Exception {
        TestServer server = start();
        try (RawHttp tcp = new RawHttp(server.port())) {
            RawWebSocket socket = new RawWebSocket(tcp, "", "").read();
            assertThat(socket.next()).startsWith("0{");
            if (first == RawWebSocket.TEXT) {
                socket.frame(first, new byte[40_000]).frame(RawWebSocket.CONTINUATION, new byte[40_000]);
            } else {
                socket.bytes(Arrays.copyOf(RawWebSocket.encode(first, new byte[1_000_000]), 80_000));
            }

            server.awaitMeter("cove_session_ends_total{reason=\"protocol_error\"} 1.0");
        }
    }

    /** A reserved opcode, no mask, and a length beyond the limit. */
    @ParameterizedTest
    @ValueSource(strings = {"838001020304", "8100", "81ff000000000030000001020304"})
    void aFrameThatIsNoneCountsAsAProtocolFault(String hex) throws Exception {
        TestServer server = start();
        try (RawHttp tcp = new RawHttp(server.port())) {
            RawWebSocket socket = new RawWebSocket(tcp, "", "").read();
            assertThat(socket.next()).startsWith("0{");

            socket.bytes(HexFormat.of().parseHex(hex)).awaitClosed();
        }

        server.awaitMeter("cove_session_ends_total{reason=\"protocol_error\"} 1.0");
    }

    @Test
    void theMetersTellOfAllOfIt() throws Exception {
        TestServer server = start("SOCKET_EVENTS_PER_SECOND", "1", "SOCKET_EVENT_BURST", "1");
        ThreadId thread = server.thread("ada", "bob");
        TestClient ada = server.connect("ada");
        ada.send(thread, "hello");
        untilRefused(() -> {
            JsonNode error = ada.error("no_such_event", Map.of());
            return error.path("code").asText().equals("rate_limited") ? error : MissingNode.getInstance();
        });
        server.get("/socket.io/?EIO=3&transport=polling");
        TestClient stranger = server.client("forged", "websocket");
        stranger.open();
        stranger.expect("connect_error");

        assertThat(server.metrics())
                .contains(
                        "cove_connections 1.0",
                        "cove_handshakes_total{transport=\"websocket\"} 2.0",
                        "cove_refusals_total{cause=\"unsupported_protocol_version\"} 1.0",
                        "cove_refusals_total{cause=\"unauthenticated\"} 1.0",
                        "cove_events_total{event=\"send_message\",outcome=\"ok\"} 1.0",
                        "cove_events_total{event=\"unknown\",outcome=\"rate_limited\"} 1.0",
                        "cove_event_duration_seconds_count{event=\"send_message\"} 1",
                        "cove_deliveries_total{event=\"new_message\"} 1.0",
                        "cove_mailbox_bytes ",
                        "cove_outbound_bytes ",
                        "cove_loop_delay_seconds_count ",
                        "jvm_memory_used_bytes",
                        "netty_allocator_memory_used")
                .doesNotContain("no_such_event", "hello");
    }
}
