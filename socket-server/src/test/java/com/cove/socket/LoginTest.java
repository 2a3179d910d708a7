package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void whenKeysAreOutOfReachTheAnswerIsUnavailable() {
        server.tokens.keysOutOfReach(true);
        TestClient client = server.client(server.tokens.issue("ada"), "websocket");

        client.open();

        assertThat(client.expect("connect_error").path("message").asText()).isEqualTo("unavailable");
    }

    @Test
    void aConnectionEndsWhenItsTokenExpires() {
        TestClient client = server.client(tokenFor("ada", Duration.ofMillis(800)), "websocket");
        client.connect();

        client.await("disconnect");

        assertThat(Instant.now()).isAfter(expiry);
    }

    @Test
    void aFreshTokenExtendsTheConnection() {
        ThreadId thread = server.thread("ada", "bob");
        TestClient client = server.client(tokenFor("ada", Duration.ofMillis(1_500)), "websocket");
        client.connect();
        TestClient witness = server.client(tokenFor("bob", Duration.ofMillis(1_500)), "websocket");
        witness.connect();

        JsonNode ack = client.ok("refresh_token", Map.of("token", server.tokens.issue("ada")));
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
