package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.VerifiedToken;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.cove.socket.transport.EngineClient.OverPolling;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Asking a client whether what was sent to it has arrived. On {@code tell} the server sends two events and asks, and acknowledges
 * whether it could; {@code count} is acknowledged with how often an answer came.
 */
class ConfirmationTest {
    private static final String QUESTION = "2";
    private static final String ANSWER = "3";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Room room = new Room(this::handle);
    private final AtomicInteger arrived = new AtomicInteger();
    private @Nullable EchoServer server;

    private void handle(Connection connection, InboundEvent event) {
        switch (Json.parse(event.json()).path(0).asText()) {
            case "tell" -> {
                connection.send(OutboundEvent.of("[\"one\"]"));
                connection.send(OutboundEvent.of("[\"two\"]"));
                boolean asked = connection.confirm(arrived::incrementAndGet);
                event.acknowledgement().answer(Boolean.toString(asked));
            }
            case "lock" -> {
                Object lock = lock(connection);
                boolean asked = connection.confirm(() -> arrived.addAndGet(Thread.holdsLock(lock) ? 100 : 1));
                event.acknowledgement().answer(Boolean.toString(asked));
            }
            default -> event.acknowledgement().answer(arrived.toString());
        }
    }

    /** Which everybody needs who sends on this connection. */
    private static Object lock(Connection connection) {
        try {
            Field session = Connection.class.getDeclaredField("session");
            session.setAccessible(true);
            Field lock = EngineSession.class.getDeclaredField("lock");
            lock.setAccessible(true);
            return lock.get(session.get(connection));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private EngineClient connect(String transport) throws IOException {
        return connect(transport, Map.of());
    }

    private EngineClient connect(String transport, Map<String, String> settings) throws IOException {
        server = EchoServer.socket(EchoServer.config(settings), room);
        EngineClient client = EngineClient.open(transport, server.port());
        client.send("40{}");
        assertThat(client.next()).startsWith("40{");
        return client;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static int count(EngineClient client) {
        client.send("429[\"count\"]");
        String answer = client.next();
        while (!answer.startsWith("439")) {
            answer = client.next();
        }
        return Integer.parseInt(answer.substring(4, answer.length() - 1));
    }

    private static void tell(EngineClient client) {
        client.send("421[\"tell\"]");
        assertThat(client.next(4)).containsExactly("42[\"one\"]", "42[\"two\"]", QUESTION, "431[true]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void theQuestionComesBehindWhatWasSentBefore(String transport) throws IOException {
        try (EngineClient client = connect(transport)) {
            tell(client);
        }
    }

    @Test
    void theQuestionIsTakenAlongInTheUpgrade() throws IOException {
        try (EngineClient client = connect("polling");
                Wire webSocket = ((OverPolling) client).webSocket()) {
            client.send("421[\"tell\"]");
            webSocket.text("2probe");
            assertThat(webSocket.next()).isEqualTo("3probe");
            webSocket.text("5");
            assertThat(webSocket.next()).isEqualTo("42[\"one\"]");
            assertThat(webSocket.next()).isEqualTo("42[\"two\"]");
            assertThat(webSocket.next()).isEqualTo(QUESTION);
            assertThat(webSocket.next()).isEqualTo("431[true]");
            webSocket.text(ANSWER);
            webSocket.text("429[\"count\"]");
            assertThat(webSocket.next()).isEqualTo("439[1]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void anAnswerSaysSoOnce(String transport) throws IOException {
        try (EngineClient client = connect(transport)) {
            tell(client);
            assertThat(count(client)).as("before").isZero();

            client.send(ANSWER);
            assertThat(count(client)).isEqualTo(1);

            client.send(ANSWER);
            assertThat(count(client)).as("after another one").isEqualTo(1);
        }
    }

    @Test
    void answersToNothingAnswerNoLaterQuestion() throws IOException {
        try (EngineClient client = connect("websocket")) {
            client.send(ANSWER, ANSWER, ANSWER);
            tell(client);
            assertThat(count(client)).isZero();

            client.send(ANSWER);
            assertThat(count(client)).isEqualTo(1);
        }
    }

    @Test
    void whileAQuestionIsOpenThereIsNoOther() throws IOException {
        try (EngineClient client = connect("websocket")) {
            tell(client);
            client.send("421[\"tell\"]");
            assertThat(client.next(3)).containsExactly("42[\"one\"]", "42[\"two\"]", "431[false]");

            client.send(ANSWER);
            tell(client);
            client.send(ANSWER);
            assertThat(count(client)).isEqualTo(2);
        }
    }

    /** Its answer comes first, and proves nothing of what was sent behind it; nor do answers to nothing before. */
    @Test
    void theAnswerToAHeartbeatBeforeAnswersOnlyThat() throws IOException {
        Map<String, String> settings = Map.of("SOCKET_PING_INTERVAL_MS", "2000", "SOCKET_PING_TIMEOUT_MS", "9000");
        try (EngineClient client = connect("websocket", settings)) {
            client.send(ANSWER, ANSWER, ANSWER);
            assertThat(client.next()).as("heartbeat").isEqualTo("2");
            tell(client);

            client.send(ANSWER);
            assertThat(count(client)).isZero();
            client.send(ANSWER);
            assertThat(count(client)).isEqualTo(1);
        }
    }

    /** They would put it off for ever: one follows the other at once. */
    @Test
    void questionsAndAnswersDoNotKeepTheHeartbeatFromComing() throws IOException {
        Map<String, String> settings = Map.of("SOCKET_PING_INTERVAL_MS", "200", "SOCKET_PING_TIMEOUT_MS", "9000");
        try (EngineClient client = connect("websocket", settings)) {
            int asked = 0;
            int pings = 0;
            for (long end = System.nanoTime() + PATIENCE.toNanos(); pings == asked; ) {
                assertThat(System.nanoTime()).as("a heartbeat came").isLessThan(end);
                client.send("421[\"tell\"]");
                for (String packet = ""; !packet.startsWith("431"); ) {
                    packet = client.next();
                    pings += packet.equals("2") ? 1 : 0;
                    asked += packet.equals("431[true]") ? 1 : 0;
                }
                client.send(ANSWER);
            }
        }
    }

    @Test
    void whoAnswersAQuestionAndNoHeartbeatIsLetGo() throws IOException {
        Map<String, String> settings = Map.of("SOCKET_PING_INTERVAL_MS", "300", "SOCKET_PING_TIMEOUT_MS", "500");
        try (EngineClient client = connect("websocket", settings)) {
            client.send("421[\"tell\"]");
            client.send(ANSWER);
            String packet = client.next();
            while (!packet.equals(Wire.CLOSED)) {
                packet = client.next();
            }
        }
        await().untilAsserted(() -> assertThat(room.ends()).containsExactly("{} ping timeout"));
    }

    @Test
    void theAnswerComesOutsideTheLockOfTheSession() throws IOException {
        try (EngineClient client = connect("websocket")) {
            client.send("421[\"lock\"]");
            assertThat(client.next(2)).containsExactly(QUESTION, "431[true]");
            client.send(ANSWER);
            assertThat(count(client)).isEqualTo(1);
        }
    }

    /** A ping would overtake what is held back until the reply to CONNECT. */
    @Test
    void aConnectionThatIsBeginningIsNotAsked() {
        Connection beginning =
                OpeningConnection.of(new VerifiedToken(new UserId("ada"), null, null, Instant.EPOCH, Instant.MAX));

        assertThat(beginning.confirm(arrived::incrementAndGet)).isFalse();
    }

    @Test
    void anAnswerAfterTheEndOfAConnectionSaysNothing() throws IOException {
        try (EngineClient client = connect("websocket")) {
            tell(client);
            Connection ended = Objects.requireNonNull(room.members().get("{}"));

            client.send("41", ANSWER, "40{}");
            assertThat(client.next()).startsWith("40{");
            assertThat(count(client)).isZero();
            assertThat(ended.confirm(arrived::incrementAndGet)).isFalse();

            tell(client);
        }
    }

    @Test
    void aSessionThatEndedIsNotAsked() throws IOException {
        try (EngineClient client = connect("websocket")) {
            tell(client);
            Connection ended = Objects.requireNonNull(room.members().get("{}"));
            client.send("1");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);

            assertThat(ended.confirm(arrived::incrementAndGet)).isFalse();
            assertThat(arrived).hasValue(0);
        }
    }
}
