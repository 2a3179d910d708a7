package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and for how long. */
class LoginTest {
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aBadTokenIsRefusedWithCodeAndMessage(String transport) {
        TestClient client = server.client("forged", transport);

        client.open();

        JsonNode error = client.expect("connect_error");
        assertThat(error.path("message").asText()).isEqualTo("unauthenticated");
        assertThat(error.at("/data/code").asText()).isEqualTo("unauthenticated");
        assertThat(error.at("/data/message").asText()).isNotBlank();
    }

    @Test
    void noTokenIsRefused() {
        TestClient client = server.client(null, "websocket");

        client.open();

        assertThat(client.expect("connect_error").path("message").asText()).isEqualTo("unauthenticated");
    }

    /** By itself, as a session of the new server, with the token it was given. */
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void theJavaClientComesBackAfterARestart(String transport) throws Exception {
        ThreadId thread = server.thread("ada", "bob");
        TestClient ada = server.returningClient(server.tokens.issue("ada"), transport);
        ada.connect();

        server.restart();

        assertThat(ada.await("disconnect").asText()).isIn("transport close", "transport error");
        ada.await("connect");
        assertThat(ada.send(thread, "back again").path("seq").asInt()).isEqualTo(1);
    }

    /** A refusal would keep the client away for ever: its library does not come back after one. */
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void whenKeysAreOutOfReachTheClientComesBackByItselfOnceTheyAreNot(String transport) {
        server.tokens.keysOutOfReach(true);
        TestClient client = server.returningClient(server.tokens.issue("ada"), transport);
        client.open();
        // The client tries again and again: how often until we look is up to the machine.
        await().until(() -> server.metrics().contains("cove_refusals_total{cause=\"unavailable\"} "));

        server.tokens.keysOutOfReach(false);

        client.await("connect");
        assertThat(client.received()).noneMatch(event -> event.event().equals("connect_error"));
    }

    /** Whatever it sends. */
    @ParameterizedTest
    @ValueSource(strings = {"41", "41/x,", "2", "40/nowhere,"})
    void nothingKeepsASessionThatIsNotVerifiedAlive(String packet) throws Exception {
        try (TestServer impatient = TestServer.start(Map.of("SOCKET_CONNECT_TIMEOUT_MS", "600"));
                RawSocket socket = RawSocket.open(impatient.port())) {
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                socket.trySend(packet.length() == 1 ? "3" : packet);
                return socket.isClosed();
            });
        }
    }

    /** Each attempt is verified, and each success told to others. */
    @Test
    void aSessionMayJoinAndLeaveOnlySoOften() {
        RawSocket ada = RawSocket.open(server.port());
        String connect = "40{\"token\":\"" + server.tokens.issue("ada") + "\"}";
        for (int i = 0; i < 32; i++) {
            ada.send(connect);
            assertThat(ada.next()).startsWith("40{");
            ada.send("41");
        }

        ada.send(connect);

        ada.awaitClosed();
    }

    @Test
    void whoLeavesBeforeItIsVerifiedIsClosedAndNotVerified() throws Exception {
        HeldTokens held = new HeldTokens();
        try (TestServer slow = TestServer.start(Map.of(), held::around);
                RawSocket first = RawSocket.open(slow.port());
                RawSocket second = RawSocket.open(slow.port())) {
            held.holdVerifications();
            first.send("40{\"token\":\"" + slow.tokens.issue("ada") + "\"}");
            held.awaitHeld(1);

            first.send("41");
            first.awaitClosed();

            held.release();
            second.send("40{\"token\":\"" + slow.tokens.issue("bob") + "\"}");
            assertThat(second.next()).startsWith("40{");
            slow.awaitMeter("cove_connections 1.0");
        }
    }

    @Test
    void aConnectionEndsWhenItsTokenExpires() {
        TestClient client = server.client(tokenFor("ada", Duration.ofSeconds(4)), "websocket");
        client.connect();

        client.await("disconnect");

        assertThat(Instant.now()).isAfter(expiry);
    }

    @Test
    void aFreshTokenExtendsTheConnection() {
        ThreadId thread = server.thread("ada", "bob");
        TestClient client = server.client(tokenFor("ada", Duration.ofSeconds(6)), "websocket");
        client.connect();

        JsonNode ack = client.ok("refresh_token", Map.of("token", server.tokens.issue("ada")));
        TestClient witness = server.client(tokenFor("bob", Duration.ofSeconds(6)), "websocket");
        witness.connect();
        witness.await("disconnect");

        assertThat(Instant.parse(ack.path("expiresAt").asText()))
                .isAfter(Instant.now().plusSeconds(60));
        assertThat(client.send(thread, "still here").path("seq").asInt()).isEqualTo(1);
    }

    @Test
    void aTokenOfSomebodyElseDoesNotExtendIt() {
        TestClient ada = server.connect("ada");

        assertThat(ada.error("refresh_token", Map.of("token", server.tokens.issue("bob")))
                        .path("code")
                        .asText())
                .isEqualTo("forbidden");
        assertThat(ada.error("refresh_token", Map.of("token", "forged"))
                        .path("code")
                        .asText())
                .isEqualTo("unauthenticated");
    }

    @Test
    void aUserIsProvisionedByConnectingWithNameAndPictureOfTheToken() {
        Instant later = Instant.now().plusSeconds(600);
        String token = server.tokens.issue(new UserId("ada"), "Ada L.", "https://example.com/a.png", later);
        server.client(token, "websocket").connect();
        assertThat(server.database.ask("SELECT name || image_url FROM app_user WHERE id = 'ada'"))
                .isEqualTo("Ada L.https://example.com/a.png");
        TestClient bob = server.connect("bob");

        JsonNode message = bob.send(server.thread("bob", "ada"), "hello");

        assertThat(message.at("/sender/name").asText()).isEqualTo("bob's name");
    }

    private Instant expiry = Instant.MAX;

    private String tokenFor(String user, Duration lifetime) {
        expiry = Instant.now().plus(lifetime);
        return server.tokens.issue(new UserId(user), user, null, expiry);
    }
}
