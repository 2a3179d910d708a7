package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.cove.socket.transport.EngineClient.OverPolling;
import com.cove.socket.transport.EngineClient.OverWebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engine.IO protocol 4 over real connections, with the codes and texts of Node's server where the protocol leaves them open.
 * The server sends every message back.
 */
class EngineProtocolTest {
    private static final String POLLING = EngineClient.PATH + "polling";
    private static final String WEBSOCKET = EngineClient.PATH + "websocket";
    private static final String UNKNOWN_SESSION = "{\"code\":1,\"message\":\"Session ID unknown\"}";
    private static final String BAD_REQUEST = "{\"code\":3,\"message\":\"Bad request\"}";

    private static EchoServer server;

    @BeforeAll
    static void start() throws IOException {
        server = EchoServer.engine(EchoServer.config(Map.of()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Wire.Reply once(String method, String target, String... headers) {
        return Wire.once(server.port(), method, target, "", headers);
    }

    private static OverPolling polling() {
        return OverPolling.open(server.port());
    }

    private static void assertGone(OverPolling client) {
        assertThat(client.poll())
                .extracting(Wire.Reply::status, Wire.Reply::body)
                .containsExactly(400, UNKNOWN_SESSION);
    }

    private static void assertAlive(EngineClient client) {
        client.send("4still there");
        assertThat(client.next()).isEqualTo("4still there");
    }

    // --- handshake ---

    @Test
    void aPollingHandshakeOffersTheUpgradeAndSaysItsLimits() {
        Wire.Reply reply = once("GET", POLLING);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).isEqualTo("text/plain; charset=UTF-8");
        assertThat(reply.body()).startsWith("0{");
        JsonNode open = Json.parse(reply.body().substring(1));
        assertThat(open.path("upgrades").toString()).isEqualTo("[\"websocket\"]");
        assertThat(open.path("pingInterval").asInt()).isEqualTo(25_000);
        assertThat(open.path("pingTimeout").asInt()).isEqualTo(20_000);
        assertThat(open.path("maxPayload").asInt()).isEqualTo(1_000_000);
        assertThat(open.path("sid").asText()).isNotEmpty();
    }

    @Test
    void aWebSocketHandshakeOffersNoUpgradeAndNoCompression() {
        try (Wire wire = Wire.to(server.port())) {
            Wire.Reply reply =
                    wire.upgrade(WEBSOCKET, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");

            assertThat(reply.status()).isEqualTo(101);
            assertThat(reply.headers()).doesNotContainKey("sec-websocket-extensions");
            JsonNode open = Json.parse(wire.next().substring(1));
            assertThat(open.path("upgrades").toString()).isEqualTo("[]");
            assertThat(open.path("maxPayload").asInt()).isEqualTo(1_000_000);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | ?EIO=4                       | 0 | Transport unknown
            GET  | ?EIO=4&transport=            | 0 | Transport unknown
            GET  | ?EIO=4&transport=abc         | 0 | Transport unknown
            GET  | ?EIO=4&transport=flashsocket | 0 | Transport unknown
            POST | ?EIO=4&transport=polling     | 2 | Bad handshake method
            PUT  | ?EIO=4&transport=polling     | 2 | Bad handshake method
            GET  | ?EIO=4&transport=websocket   | 3 | Bad request
            GET  | ?transport=polling           | 5 | Unsupported protocol version
            GET  | ?EIO=&transport=polling      | 5 | Unsupported protocol version
            GET  | ?EIO=2&transport=polling     | 5 | Unsupported protocol version
            GET  | ?EIO=3&transport=polling     | 5 | Unsupported protocol version
            GET  | ?EIO=5&transport=polling     | 5 | Unsupported protocol version
            GET  | ?EIO=abc&transport=polling   | 5 | Unsupported protocol version
            """)
    void aFaultyHandshakeIsRefusedInNodesWords(String method, String query, int code, String message) {
        Wire.Reply reply = once(method, "/socket.io/" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).startsWith("application/json");
        assertThat(reply.body()).isEqualTo("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
    }

    @ParameterizedTest
    @CsvSource({"?transport=websocket,5", "?EIO=3&transport=websocket,5", "?EIO=4&transport=abc,0", "?EIO=4,0"})
    void aFaultyWebSocketIsNotLetIn(String query, int code) {
        try (Wire wire = Wire.to(server.port())) {
            Wire.Reply reply = wire.upgrade("/socket.io/" + query);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).startsWith("{\"code\":" + code + ",");
        }
    }

    @Test
    void anotherPathIsNotFound() {
        assertThat(once("GET", "/engine.io/?EIO=4&transport=polling").status()).isEqualTo(404);
        assertThat(once("GET", "/").status()).isEqualTo(404);
    }

    // --- session ids ---

    /** Node's ids among them: a client that reconnects from a Node server sends the one it has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9f1f0b59-4b8b-4b7a-8b59-0b594b8b4b7a",
                "9F1F0B59-4B8B-4B7A-8B59-0B594B8B4B7A",
                "1-1-1-1-1",
                "lv_VI97HAXpY6yYWAAAC",
                "nonsense",
                "%00",
                "__proto__"
            })
    void anUnknownSessionIsAnsweredAtOnce(String sid) {
        for (String method : List.of("GET", "POST")) {
            Wire.Reply reply = Wire.once(server.port(), method, POLLING + "&sid=" + sid, "4hello");
            assertThat(reply.status()).as(method).isEqualTo(400);
            assertThat(reply.body()).as(method).isEqualTo(UNKNOWN_SESSION);
        }
        try (Wire wire = Wire.to(server.port())) {
            Wire.Reply reply = wire.upgrade(WEBSOCKET + "&sid=" + sid);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.body()).isEqualTo(UNKNOWN_SESSION);
        }
    }

    @Test
    void aClientCannotChooseItsSessionId() {
        String chosen = UUID.randomUUID().toString();

        Wire.Reply reply = once("GET", POLLING, "Cookie: io=" + chosen, "io: " + chosen, "sid: " + chosen);

        assertThat(EngineClient.sid(reply.body())).isNotEqualTo(chosen);
        assertThat(reply.headers()).doesNotContainKey("set-cookie");
    }

    @Test
    void noTwoSessionsShareAnId() {
        String cookie = "Cookie: io=" + polling().sid();

        assertThat(IntStream.range(0, 20)
                        .mapToObj(_ ->
                                EngineClient.sid(once("GET", POLLING, cookie).body())))
                .doesNotHaveDuplicates();
    }

    // --- HTTP ---

    @Test
    void aConnectionThatIsPromisedToStayStays() {
        try (Wire wire = Wire.to(server.port())) {
            for (int request = 0; request < 3; request++) {
                assertThat(wire.get(POLLING).header("connection")).isEqualTo("keep-alive");
                assertThat(wire.get(POLLING + "&sid=unknown").header("connection"))
                        .isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void aConnectionThatIsToCloseIsSaidToAndCloses() {
        try (Wire wire = Wire.to(server.port())) {
            assertThat(wire.get(POLLING, "Connection: close").header("connection"))
                    .isEqualTo("close");
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void theAnswerToAPostIsOk() {
        Wire.Reply reply = polling().post("4hello");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;charset=UTF-8",
                "text/plain",
                "application/octet-stream",
                "application/x-www-form-urlencoded",
                "application/json",
                ""
            })
    void theContentTypeOfAPostDoesNotMatter(String type) {
        OverPolling client = polling();
        String[] headers = type.isEmpty() ? new String[0] : new String[] {"Content-Type: " + type};

        assertThat(client.post("4a+b%20c=d&é😀", headers).status()).isEqualTo(200);

        assertThat(client.next()).isEqualTo("4a+b%20c=d&é😀");
    }

    @Test
    void headIsAnsweredWithoutABody() {
        try (Wire wire = Wire.to(server.port())) {
            wire.request("HEAD", POLLING, "");
            assertThat(wire.reply("HEAD").status()).isEqualTo(400);
            assertThat(wire.get(POLLING).status())
                    .as("what follows on the connection")
                    .isEqualTo(200);
        }
    }

    @Test
    void anotherMethodForASessionIsABadRequest() {
        OverPolling client = polling();

        assertThat(once("DELETE", client.target()).body()).isEqualTo(BAD_REQUEST);
        assertAlive(client);
    }

    @Test
    void aBrowserMayAskFirst() {
        Wire.Reply reply = once(
                "OPTIONS",
                POLLING,
                "Origin: http://localhost:8080",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: x-app");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("access-control-allow-origin")).isEqualTo("http://localhost:8080");
        assertThat(reply.header("access-control-allow-methods")).contains("GET", "POST");
        assertThat(reply.header("access-control-allow-headers")).isEqualTo("x-app");
    }

    @ParameterizedTest
    @ValueSource(strings = {POLLING, POLLING + "&sid=unknown", "/socket.io/?EIO=3&transport=polling"})
    void aBrowserMayReadEveryAnswer(String target) {
        Wire.Reply reply = once("GET", target, "Origin: http://localhost:8080");

        assertThat(reply.header("access-control-allow-origin")).isEqualTo("http://localhost:8080");
        assertThat(reply.header("vary")).isEqualToIgnoringCase("origin");
    }

    // --- messages ---

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void textAndBinaryComeBackAsTheyWere(String transport) {
        try (EngineClient client = EngineClient.open(transport, server.port())) {
            client.send("4", "4hello", "4😀é\u0000\n");
            client.send(new byte[] {1, 2, 3, 4});
            client.send(new byte[] {4});
            client.send(new byte[0]);

            assertThat(client.next(6)).containsExactly("4", "4hello", "4😀é\u0000\n", "<01020304>", "<04>", "<>");
        }
    }

    /** A websocket frame says its length in one, three or nine bytes. */
    @ParameterizedTest
    @ValueSource(ints = {124, 125, 126, 65_535, 65_536})
    void aMessageOfAnyLengthComesBack(int length) {
        try (EngineClient client = EngineClient.open("websocket", server.port())) {
            String packet = "4" + "x".repeat(length - 1);
            client.send(packet);
            client.send(new byte[length]);

            assertThat(client.next(2)).containsExactly(packet, "<" + "00".repeat(length) + ">");
        }
    }

    @Test
    void aPollingBodyHoldsManyPackets() {
        OverPolling client = polling();

        client.post("4a\u001ebAQIDBA==\u001e4b");

        assertThat(client.poll().body()).isEqualTo("4a\u001ebAQIDBA==\u001e4b");
    }

    @Test
    void howeverManyPacketsWaitAllArriveInOrder() {
        OverPolling client = polling();
        List<String> packets =
                IntStream.range(0, 205).mapToObj(number -> "4" + number).toList();

        client.send(packets.toArray(String[]::new));

        assertThat(client.next(packets.size())).isEqualTo(packets);
    }

    @Test
    void whatNobodyPolledForWaits() {
        OverPolling client = polling();
        client.send("4one");
        client.send("4two");

        assertThat(client.next(2)).containsExactly("4one", "4two");
    }

    @Test
    void aPollWaitsForTheNextPacket() {
        OverPolling client = polling();
        try (Wire poll = client.waitingPoll()) {
            assertThat(poll.staysSilent(Duration.ofMillis(100))).isTrue();
            client.send("4hello");
            assertThat(poll.reply("GET").body()).isEqualTo("4hello");
        }
    }

    /** They belong to Engine.IO 3: its clients asked for Base64 and for JSONP by them. */
    @ParameterizedTest
    @ValueSource(strings = {"&b64=1", "&b64=true", "&j=0", "&b64=abc", "&j=abc", "&b64=1&j=0"})
    void parametersOfOlderProtocolsChangeNothing(String parameters) {
        OverPolling client = polling();

        assertThat(once("GET", POLLING + parameters).body()).startsWith("0{");
        assertThat(Wire.once(server.port(), "POST", client.target() + parameters, "4a+%20\u001ebAQ==")
                        .status())
                .isEqualTo(200);
        assertThat(once("GET", client.target() + parameters).body()).isEqualTo("4a+%20\u001ebAQ==");
    }

    // --- faults ---

    @ParameterizedTest
    @ValueSource(strings = {"abc", "9", "0{}", "b!", "4a\u001ex", "\u001e"})
    void aBodyThatIsNoPacketEndsTheSession(String body) {
        OverPolling client = polling();

        assertThat(client.post(body).status()).isEqualTo(400);

        assertGone(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "9", "0{}", "", "2", "5"})
    void aFrameThatIsNoPacketEndsTheSession(String frame) {
        try (OverWebSocket client = OverWebSocket.open(server.port())) {
            client.send(frame);
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @Test
    void aBodyBeyondMaxPayloadIsNotRead() {
        Wire.Reply reply = polling().post("4" + "x".repeat(1_000_000));

        assertThat(reply.status()).isEqualTo(413);
    }

    @Test
    void maxPayloadItselfIsTaken() {
        OverPolling polling = polling();
        String packet = "4" + "x".repeat(999_999);
        try (OverWebSocket webSocket = OverWebSocket.open(server.port())) {
            webSocket.send(packet);
            polling.send(packet);

            assertThat(webSocket.next()).isEqualTo(packet);
            assertThat(polling.next()).isEqualTo(packet);
        }
    }

    @Test
    void aFrameBeyondMaxPayloadEndsTheSession() {
        try (OverWebSocket client = OverWebSocket.open(server.port())) {
            client.send("4" + "x".repeat(1_000_000));
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @Test
    void twoPollsAtOnceEndTheSession() {
        OverPolling client = polling();
        try (Wire one = client.waitingPoll();
                Wire other = client.waitingPoll()) {
            assertThat(List.of(one.reply("GET").status(), other.reply("GET").status()))
                    .as("the one that waited is let go, whichever it was")
                    .containsExactlyInAnyOrder(200, 400);
            assertGone(client);
        }
    }

    // --- closing ---

    @Test
    void aClosePacketClosesTheWebSocket() {
        try (OverWebSocket client = OverWebSocket.open(server.port())) {
            client.send("1");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @Test
    void aClosePacketEndsThePollingSessionAndLetsItsPollGo() {
        OverPolling client = polling();
        try (Wire poll = client.waitingPoll()) {
            assertThat(poll.staysSilent(Duration.ofMillis(500))).isTrue();
            client.send("1");
            assertThat(poll.reply("GET").body()).isEqualTo("6");
            assertGone(client);
        }
    }

    @Test
    void aSessionEndsWithItsWebSocket() {
        OverPolling gone;
        try (OverWebSocket client = OverWebSocket.open(server.port())) {
            gone = new OverPolling(server.port(), client.sid(), new ArrayDeque<>());
            assertThat(gone.poll().body()).isEqualTo(BAD_REQUEST);
            client.send("1");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
        assertThat(gone.poll().status()).isEqualTo(400);
    }

    // --- websocket ---

    @Test
    void aWebSocketPingIsAnsweredWithItsPayload() {
        try (OverWebSocket client = OverWebSocket.open(server.port())) {
            client.wire().ping("are you there");
            assertThat(client.next()).isEqualTo("pong:are you there");
        }
    }

    @Test
    void aSecondWebSocketIsClosedAndTheFirstStays() {
        try (OverWebSocket first = OverWebSocket.open(server.port());
                Wire second = Wire.to(server.port())) {
            assertThat(second.upgrade(WEBSOCKET + "&sid=" + first.sid()).status())
                    .isEqualTo(101);
            assertThat(second.next()).isEqualTo(Wire.CLOSED);
            assertAlive(first);
        }
    }

    // --- upgrade ---

    private static void upgrade(Wire webSocket) {
        webSocket.text("2probe");
        assertThat(webSocket.next()).isEqualTo("3probe");
        webSocket.text("5");
    }

    @Test
    void anUpgradedSessionGoesOnOverItsWebSocketOnly() {
        OverPolling client = polling();
        try (Wire webSocket = client.webSocket()) {
            upgrade(webSocket);
            webSocket.text("4hello");

            assertThat(webSocket.next()).isEqualTo("4hello");
            assertThat(client.poll().body()).isEqualTo(BAD_REQUEST);
            assertThat(client.post("4again").body()).isEqualTo(BAD_REQUEST);
        }
    }

    /** A client opens its next poll before it knows of the upgrade, and waits for the end of that one, too. */
    @Test
    void everyPollDuringTheUpgradeIsLetGo() {
        OverPolling client = polling();
        try (Wire webSocket = client.webSocket();
                Wire poll = client.waitingPoll()) {
            assertThat(poll.staysSilent(Duration.ofMillis(50))).isTrue();
            webSocket.text("2probe");
            assertThat(webSocket.next()).isEqualTo("3probe");

            assertThat(poll.reply("GET").body()).isEqualTo("6");
            assertThat(client.poll().body()).isEqualTo("6");
            assertThat(client.poll().body()).isEqualTo("6");

            webSocket.text("5");
            webSocket.text("4hello");
            assertThat(webSocket.next()).isEqualTo("4hello");
        }
    }

    @Test
    void whatWaitedDuringTheUpgradeComesOverTheWebSocketFirst() {
        OverPolling client = polling();
        client.send("4one", "4two");
        try (Wire webSocket = client.webSocket()) {
            upgrade(webSocket);
            webSocket.text("4three");

            assertThat(List.of(webSocket.next(), webSocket.next(), webSocket.next()))
                    .containsExactly("4one", "4two", "4three");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "between", "abc", "4hello"})
    void aFailedProbeLeavesThePollingSessionHealthy(String failure) {
        OverPolling client = polling();
        try (Wire webSocket = client.webSocket()) {
            if (failure.equals("between")) {
                webSocket.text("2probe");
                assertThat(webSocket.next()).isEqualTo("3probe");
            } else if (!failure.equals("before")) {
                webSocket.text(failure);
                assertThat(webSocket.next()).isEqualTo(Wire.CLOSED);
            }
        }
        assertAlive(client);
    }

    @Test
    void aFailedProbeMayBeRepeated() {
        OverPolling client = polling();
        try (Wire webSocket = client.webSocket()) {
            webSocket.text("abc");
            assertThat(webSocket.next()).isEqualTo(Wire.CLOSED);
        }
        try (Wire webSocket = client.webSocket()) {
            upgrade(webSocket);
            webSocket.text("4hello");
            assertThat(webSocket.next()).isEqualTo("4hello");
        }
    }

    @Test
    void aSecondWebSocketDuringTheUpgradeIsClosedAndTheFirstUpgrades() {
        OverPolling client = polling();
        try (Wire first = client.webSocket();
                Wire second = client.webSocket()) {
            assertThat(second.next()).isEqualTo(Wire.CLOSED);
            upgrade(first);
            first.text("4hello");
            assertThat(first.next()).isEqualTo("4hello");
        }
    }

    /** Without it the client of npm would wait for its next heartbeat. */
    @Test
    void aSessionThatEndsDuringTheUpgradeKeepsTheWebSocketUntilTheClientIsOnIt() {
        OverPolling client = polling();
        try (Wire webSocket = client.webSocket()) {
            webSocket.text("2probe");
            assertThat(webSocket.next()).isEqualTo("3probe");
            client.post("no packet");
            assertGone(client);

            webSocket.ping("still there");
            assertThat(webSocket.next()).isEqualTo("pong:still there");
            webSocket.text("5");
            assertThat(webSocket.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @Test
    void aBinaryFrameBeforeTheUpgradeEndsOnlyItsWebSocket() {
        OverPolling client = polling();
        try (Wire webSocket = client.webSocket()) {
            webSocket.binary((byte) 1);
            assertThat(webSocket.next()).isEqualTo(Wire.CLOSED);
        }
        assertAlive(client);
    }

    // --- heartbeat ---

    private static EchoServer heartbeats(String intervalMillis, String timeoutMillis) throws IOException {
        return EchoServer.engine(EchoServer.config(
                Map.of("SOCKET_PING_INTERVAL_MS", intervalMillis, "SOCKET_PING_TIMEOUT_MS", timeoutMillis)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void theServerAsksAndAClientThatAnswersStays(String transport) throws IOException {
        try (EchoServer quickServer = heartbeats("100", "5000");
                EngineClient client = EngineClient.open(transport, quickServer.port())) {
            for (int beat = 0; beat < 3; beat++) {
                assertThat(client.next()).isEqualTo("2");
                client.send("3");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aClientThatDoesNotAnswerIsLetGo(String transport) throws IOException {
        try (EchoServer quickServer = heartbeats("100", "1000");
                EngineClient client = EngineClient.open(transport, quickServer.port())) {
            assertThat(client.next()).isEqualTo("2");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    /** It would put the question off for ever. */
    @Test
    void answersToNoQuestionDoNotKeepTheQuestionFromComing() throws IOException {
        try (EchoServer quickServer = heartbeats("200", "5000");
                EngineClient client = EngineClient.open("websocket", quickServer.port());
                ScheduledExecutorService eager = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> answers =
                    eager.scheduleAtFixedRate(() -> client.send("3"), 0, 20, TimeUnit.MILLISECONDS);
            assertThat(client.next(2)).containsExactly("2", "2");
            answers.cancel(false);
        }
    }
}
