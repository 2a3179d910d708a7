package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.db.thread.CreateOutcome;
import com.cove.model.thread.CreateThread;
import com.cove.model.user.UserId;
import com.cove.socket.TestClient.Received;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told that somebody is online. */
class PresenceTest {
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("PRESENCE_GRACE_MS", "300"));
        server.thread("ada", "bob");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void peopleWhoShareAThreadLearnOfComingAndGoing() {
        TestClient ada = server.connect("ada");
        TestClient bob = server.connect("bob");

        JsonNode online = ada.await("user_online");
        assertThat(online.path("userId").asText()).isEqualTo("bob");
        assertThat(online.path("online").asBoolean()).isTrue();
        assertThat(online.path("lastSeenAt").isNull()).isTrue();

        bob.close();

        JsonNode offline = ada.await("user_online");
        assertThat(offline.path("userId").asText()).isEqualTo("bob");
        assertThat(offline.path("online").asBoolean()).isFalse();
        assertThat(offline.path("lastSeenAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void aNewConnectionLearnsWhoIsOnline() {
        server.connect("ada");

        JsonNode online = server.connect("bob").await("user_online");

        assertThat(online.path("userId").asText()).isEqualTo("ada");
        assertThat(online.path("online").asBoolean()).isTrue();
    }

    @Test
    void strangersLearnNothing() {
        server.thread("eve", "mallory");
        TestClient eve = server.connect("eve");
        server.connect("ada");
        server.connect("mallory");

        assertThat(eve.await("user_online").path("userId").asText()).isEqualTo("mallory");
    }

    @Test
    void aSecondConnectionAndAReconnectWithinTheGraceAreNoNews() throws Exception {
        try (TestServer patient = TestServer.start(Map.of("PRESENCE_GRACE_MS", "2000"))) {
            patient.thread("ada", "bob");
            TestClient ada = patient.connect("ada");
            TestClient phone = patient.connect("bob");
            assertThat(ada.await("user_online").path("online").asBoolean()).isTrue();
            TestClient laptop = patient.connect("bob");
            phone.close();
            laptop.close();
            TestClient again = patient.connect("bob");

            again.close();

            assertThat(ada.await("user_online").path("online").asBoolean()).isFalse();
            assertThat(ada.received().stream().map(Received::event)).doesNotContain("user_online");
        }
    }

    /** Going is told in the order in which it happened, however long the database takes over it. */
    @Test
    void whoComesBackWhileGoingIsOnline() throws Exception {
        TestClient ada = server.connect("ada");
        TestClient bob = server.connect("bob");
        assertThat(ada.await("user_online").path("online").asBoolean()).isTrue();
        TestClient again = server.client(server.tokens.issue("bob"), "websocket");

        try (java.sql.Connection locks = server.database.connect();
                Statement lock = locks.createStatement()) {
            locks.setAutoCommit(false);
            lock.execute("SELECT FROM app_user WHERE id = 'bob' FOR UPDATE");
            bob.close();
            server.awaitLockedOut();
            again.open();
            // Only what is told too early comes now; what is told in time waits for the lock.
            assertThat(ada.received().poll(500, TimeUnit.MILLISECONDS)).isNull();
            locks.rollback();
        }

        assertThat(ada.await("user_online").path("online").asBoolean()).isFalse();
        assertThat(ada.await("user_online").path("online").asBoolean()).isTrue();
    }

    @Test
    void peopleWhoMeetInANewThreadLearnWhoIsOnline() {
        TestClient ada = server.connect("ada");
        TestClient eve = server.connect("eve");
        CreateOutcome created = server.database
                .database()
                .threads()
                .create(new UserId("ada"), new CreateThread(List.of(new UserId("eve")), null));

        server.notifyHook(created.news().orElseThrow().toJson());

        assertThat(ada.await("user_online").path("userId").asText()).isEqualTo("eve");
        // In whichever order.
        Map<String, JsonNode> told = new HashMap<>();
        await().until(() -> {
            eve.received().forEach(each -> told.put(each.event(), each.payload()));
            return told.size() == 2;
        });
        assertThat(told).containsOnlyKeys("user_online", "thread_created");
        assertThat(told.getOrDefault("user_online", NullNode.getInstance())
                        .path("userId")
                        .asText())
                .isEqualTo("ada");
        assertThat(told.getOrDefault("thread_created", NullNode.getInstance())
                        .at("/thread/id")
                        .asText())
                .isEqualTo(created.thread().id().value());
    }
}
