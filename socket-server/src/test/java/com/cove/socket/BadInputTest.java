package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong payloads in every field of every event: the contract's error, the connection unharmed, nothing stored, and everybody
 * else unharmed.
 */
class BadInputTest {
    private static TestServer server;
    private static ThreadId thread;
    private static ThreadId foreign;
    private static String foreignMessageId;
    private static RawSocket ada;
    private static TestClient bob;
    private static TestClient carol;
    private static ThreadId witnesses;
    private static String stored;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        thread = server.thread("ada", "bob");
        foreign = server.thread("bob", "carol");
        witnesses = foreign;
        bob = server.connect("bob");
        carol = server.connect("carol");
        bob.send(thread, "hello");
        foreignMessageId = carol.send(foreign, "not for ada").path("id").asText();
        ada = RawSocket.connect(server.port(), server.tokens.issue("ada"));
        stored = contents();
    }

    @AfterAll
    static void stop() {
        ada.close();
        server.close();
    }

    /** Whatever was sent: nothing of it is stored, the sender's connection works, others talk as before. */
    @AfterEach
    void nothingHappened() {
        assertThat(contents()).isEqualTo(stored);
        assertThat(ada.emit("typing_stop", "{\"threadId\":\"" + thread + "\"}")
                        .path("ok")
                        .asBoolean())
                .isTrue();
        bob.ok("typing_start", Map.of("threadId", witnesses.value()));
        bob.ok("typing_stop", Map.of("threadId", witnesses.value()));
        assertThat(carol.await("user_typing").path("isTyping").asBoolean()).isTrue();
        assertThat(carol.await("user_typing").path("isTyping").asBoolean()).isFalse();
    }

    record Case(String event, String arguments, String code) {}

    static Stream<Case> badFields() {
        List<Case> cases = new ArrayList<>();
        opaque(cases, "send_message", "threadId", "\"content\":\"hi\"");
        unknown(cases, "send_message", "threadId", foreign.value(), "\"content\":\"hi\"");
        content(cases);
        clientMessageId(cases);
        for (String typing : List.of("typing_start", "typing_stop")) {
            opaque(cases, typing, "threadId", "\"x\":1");
            unknown(cases, typing, "threadId", foreign.value(), "\"x\":1");
        }
        opaque(cases, "mark_read", "messageId", "\"x\":1");
        unknown(cases, "mark_read", "messageId", foreignMessageId, "\"x\":1");
        opaque(cases, "sync", "cursor", "\"limit\":10");
        for (String limit : List.of("0", "501", "-1", "\"10\"", "1.5", "true", "[]", "99999999999")) {
            cases.add(new Case("sync", "{\"cursor\":\"x\",\"limit\":" + limit + "}", "invalid_request"));
        }
        for (String visible : List.of("null", "\"false\"", "\"\"", "0", "1", "[true]", "{}")) {
            cases.add(new Case("update_presence", "{\"visible\":" + visible + "}", "invalid_request"));
        }
        opaque(cases, "refresh_token", "token", "\"x\":1");
        cases.add(new Case("refresh_token", "{\"token\":\"eyJhbGciOiJub25lIn0.e30.\"}", "unauthenticated"));
        for (String event : List.of(
                "send_message",
                "typing_start",
                "typing_stop",
                "mark_read",
                "update_presence",
                "refresh_token",
                "sync")) {
            for (String payload : List.of("", "null", "[]", "\"text\"", "1", "true", "{}")) {
                cases.add(new Case(event, payload, "invalid_request"));
            }
        }
        cases.add(new Case("no_such_event", "{}", "invalid_request"));
        cases.add(new Case("__proto__", "{\"__proto__\":{}}", "invalid_request"));
        return cases.stream();
    }

    /** A field that must be an opaque text. */
    private static void opaque(List<Case> cases, String event, String field, String others) {
        for (String value : List.of(
                "null",
                "1",
                "true",
                "{}",
                "[]",
                "\"\"",
                "\"\\u0000\"",
                "\"a\\ud800\"",
                "\"" + "x".repeat(9_000) + "\"")) {
            cases.add(new Case(event, "{\"" + field + "\":" + value + "," + others + "}", "invalid_request"));
        }
        cases.add(new Case(event, "{" + others + "}", "invalid_request"));
    }

    /** Ids of nothing and of what is not the sender's: not told apart. */
    private static void unknown(List<Case> cases, String event, String field, String foreign, String others) {
        for (String id : List.of(
                "01939d10-0000-7000-8000-000000000000",
                "nonsense",
                " ",
                "' OR 1=1 --",
                foreign,
                foreign.toUpperCase(Locale.ROOT))) {
            cases.add(new Case(event, "{\"" + field + "\":\"" + id + "\"," + others + "}", "not_found"));
        }
    }

    private static void content(List<Case> cases) {
        for (String content : List.of(
                "null",
                "1",
                "{}",
                "[\"a\"]",
                "\"\"",
                "\"  \\n\\t \"",
                "\"a\\u0000b\"",
                "\"\\udc00\"",
                "\"x\\ud83d\"",
                "\"" + "x".repeat(4_001) + "\"",
                "\"" + "😀".repeat(4_001) + "\"")) {
            cases.add(new Case(
                    "send_message",
                    "{\"threadId\":\"" + thread + "\",\"content\":" + content + "}",
                    "invalid_request"));
        }
        cases.add(new Case("send_message", "{\"threadId\":\"" + thread + "\"}", "invalid_request"));
    }

    private static void clientMessageId(List<Case> cases) {
        for (String id : List.of("1", "{}", "\"\"", "\" \"", "\"ä\"", "\"a b\"", "\"" + "x".repeat(65) + "\"")) {
            cases.add(new Case(
                    "send_message",
                    "{\"threadId\":\"" + thread + "\",\"content\":\"hi\",\"clientMessageId\":" + id + "}",
                    "invalid_request"));
        }
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void isAnsweredWithTheContractsError(Case given) {
        JsonNode answer = ada.emit(given.event, given.arguments);

        assertThat(answer.path("ok").asBoolean(true)).as(answer.toString()).isFalse();
        assertThat(answer.at("/error/code").asText()).as(answer.toString()).isEqualTo(given.code);
        assertThat(answer.at("/error/message").asText()).isNotBlank();
    }

    @Test
    void aMegabyteIsTooLargeAndTheConnectionGoesOn() {
        String content = "x".repeat(1024 * 1024);

        JsonNode answer = ada.emit("send_message", "{\"threadId\":\"" + thread + "\",\"content\":\"" + content + "\"}");

        assertThat(answer.at("/error/code").asText()).isEqualTo("payload_too_large");
    }

    @Test
    void aMegabyteWithoutACallbackIsToldByTheEventError() {
        ada.send("42[\"send_message\",\"" + "x".repeat(1024 * 1024) + "\"]");

        assertThat(ada.next())
                .isEqualTo(
                        "42[\"error\",{\"event\":\"send_message\",\"code\":\"payload_too_large\",\"message\":\"The event is too large\"}]");
    }

    @Test
    void nestingWithinTheLimitIsIgnored() {
        JsonNode answer = ada.emit(
                "typing_stop", "{\"threadId\":\"" + thread + "\",\"x\":" + "[".repeat(20) + "]".repeat(20) + "}");

        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
    }

    @Test
    void extraFieldsAndArgumentsAreIgnored() {
        JsonNode answer = ada.emit("typing_stop", "{\"threadId\":\"" + thread + "\",\"extra\":{\"a\":[1]}},\"more\",7");

        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4",
                "49",
                "4abc",
                "42",
                "42{}",
                "42[",
                "42[]",
                "42[1]",
                "42[\"a\"",
                "42[\"a\"]x",
                "42abc[\"a\"]",
                "421234567890123456[\"a\"]",
                "43",
                "43[]",
                "44{}",
                "45-[\"a\"]",
                "4599999-[\"a\"]",
                "451[\"a\"]",
                "40",
                "41/other",
                "42/other,[\"a\"]",
                "5",
                "2",
                "7",
                "x",
                ""
            })
    void whatIsNotTheProtocolEndsOnlyTheConnectionItCameFrom(String frame) {
        try (RawSocket stranger = RawSocket.connect(server.port(), server.tokens.issue("ada"))) {
            stranger.send(frame);
            if (frame.equals("41/other")) {
                stranger.send("x"); // leaving a namespace one is not in is no fault
            }
            stranger.awaitClosed();
        }
    }

    @Test
    void nestingBeyondTheLimitEndsTheConnection() {
        try (RawSocket stranger = RawSocket.connect(server.port(), server.tokens.issue("ada"))) {
            stranger.send("42[\"sync\"," + "[".repeat(1_000) + "]".repeat(1_000) + "]");
            stranger.awaitClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"42[\"send_message\",{}]", "421[\"sync\",{}]", "43[]", "451-[\"a\"]"})
    void beforeConnectNothingIsProcessed(String frame) {
        try (RawSocket stranger = RawSocket.open(server.port())) {
            stranger.send(frame);
            assertThat(stranger.next()).isEqualTo(RawSocket.CLOSED);
        }
    }

    @Test
    void afterARefusalNothingIsProcessed() {
        try (RawSocket stranger = RawSocket.open(server.port())) {
            stranger.send("40{\"token\":\"forged\"}");
            assertThat(stranger.next()).startsWith("44{\"message\":\"unauthenticated\"");
            stranger.send("421[\"typing_stop\",{\"threadId\":\"" + thread + "\"}]");
            assertThat(stranger.next()).isEqualTo(RawSocket.CLOSED);
        }
    }

    @Test
    void aRefusedClientMayAskAgainInItsSessionButNotForever() {
        try (RawSocket client = RawSocket.open(server.port());
                RawSocket stranger = RawSocket.open(server.port())) {
            client.send("40{\"token\":\"forged\"}");
            assertThat(client.next()).startsWith("44{\"message\":\"unauthenticated\"");
            client.send("40{\"token\":\"" + server.tokens.issue("ada") + "\"}");
            assertThat(client.next()).startsWith("40{\"sid\":");
            for (int i = 1; i <= 4; i++) {
                stranger.send("40{\"token\":\"forged\"}");
                assertThat(stranger.next()).startsWith("44{\"message\":\"unauthenticated\"");
            }

            stranger.send("40{\"token\":\"" + server.tokens.issue("ada") + "\"}");

            assertThat(stranger.next()).isEqualTo(RawSocket.CLOSED);
            assertThat(client.emit("typing_stop", "{\"threadId\":\"" + thread + "\"}")
                            .path("ok")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void whoWasRefusedAndThenVerifiedStays() {
        try (RawSocket refused = RawSocket.open(server.port());
                RawSocket client = RawSocket.open(server.port())) {
            client.send("40{\"token\":\"forged\"}");
            assertThat(client.next()).startsWith("44{");
            refused.send("40{\"token\":\"forged\"}");
            assertThat(refused.next()).startsWith("44{");
            client.send("40{\"token\":\"" + server.tokens.issue("ada") + "\"}");
            assertThat(client.next()).startsWith("40{\"sid\":");

            refused.awaitClosed();

            assertThat(client.emit("typing_stop", "{\"threadId\":\"" + thread + "\"}")
                            .path("ok")
                            .asBoolean())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "40",
                "40{}",
                "40{\"token\":null}",
                "40{\"token\":7}",
                "40{\"token\":\"\"}",
                "40{\"token\":{}}",
                "40{"
            })
    void aConnectWithoutATokenIsRefused(String frame) {
        try (RawSocket stranger = RawSocket.open(server.port())) {
            stranger.send(frame);
            assertThat(stranger.next()).startsWith("44{\"message\":\"");
            stranger.awaitClosed();
        }
    }

    @Test
    void theTokenMayComeInTheQuery() {
        String query = "&token=" + server.tokens.issue("ada");
        try (RawSocket socket = RawSocket.open(server.port(), query)) {
            socket.send("40");
            assertThat(socket.next()).startsWith("40{\"sid\":");
        }
    }

    private static String contents() {
        return server.database.ask(
                "SELECT (SELECT count(*) FROM message) || ' ' || (SELECT count(*) FROM message_read) || ' '"
                        + " || (SELECT count(*) FROM thread) || ' ' || (SELECT sum(last_read_seq) FROM thread_member) || ' '"
                        + " || (SELECT count(*) FROM app_user WHERE presence_changed IS NOT NULL)");
    }
}
