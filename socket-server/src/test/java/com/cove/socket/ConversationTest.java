package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event of the contract, through io.socket's Java client. */
class ConversationTest {
    private TestServer server;
    private ThreadId thread;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start();
        thread = server.thread("ada", "bob");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling", "polling,websocket"})
    void aMessageReachesEveryMemberAndIsAcknowledged(String transports) {
        TestClient ada = server.connect("ada", transports.split(","));
        TestClient bob = server.connect("bob", transports.split(","));

        JsonNode ack =
                ada.emit("send_message", TestClient.json(Map.of("threadId", thread.value(), "content", "Grüße 👋")));

        assertThat(ack.path("ok").asBoolean()).as(ack.toString()).isTrue();
        JsonNode message = ack.get("message");
        assertThat(message.path("seq").asLong()).isEqualTo(1);
        assertThat(message.path("content").asText()).isEqualTo("Grüße 👋");
        assertThat(message.path("sender").path("name").asText()).isEqualTo("ada");
        assertThat(bob.await("new_message").get("message")).isEqualTo(message);
        assertThat(ada.await("new_message").get("message")).isEqualTo(message);
    }
}
