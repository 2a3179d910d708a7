package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.Relay;
import com.cove.db.message.SendOutcome;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** One {@code clientMessageId}, one message, delivered once; whatever happens on the way. */
class IdempotencyTest {
    private static final Map<String, String> SETTINGS = Map.of("REPAIR_INTERVAL_MS", "100");

    /** The sender is told {@code unavailable} of a message that is stored; the members get it all the same. */
    @Test
    void aMessageWhoseCommitWasNotHeardOfIsDeliveredOnceAndFoundByTheRetry() throws Exception {
        try (TestServer server = TestServer.start(SETTINGS)) {
            ThreadId thread = server.thread("ada", "bob");
            int port = URI.create(server.database.url()).getPort();
            try (Relay relay = new Relay(port);
                    Database cut = Database.open(DatabaseConfig.of(
                            server.database.url().replace(":" + port + "/", ":" + relay.port() + "/")))) {
                server.restartWith(cut);
                server.awaitMeter("cove_repaired_total 0.0");
                TestClient ada = server.connect("ada");
                TestClient bob = server.connect("bob");
                Map<String, String> send =
                        Map.of("threadId", thread.value(), "content", "in doubt", "clientMessageId", "m-1");
                ada.send(thread, "before");
                assertThat(seq(bob)).isEqualTo(1);
                relay.loseCommitAfter("in doubt");

                assertThat(ada.error("send_message", send).path("code").asText())
                        .isEqualTo("unavailable");

                assertThat(relay.lost()).isTrue();
                assertThat(seq(bob)).as("found by repair").isEqualTo(2);
                JsonNode retry = ada.ok("send_message", send).get("message");
                assertThat(retry.path("seq").asInt()).isEqualTo(2);
                SendOutcome byRest = byRest(server.database.database(), thread, "in doubt", "m-1");
                assertThat(byRest.stored()).isFalse();
                assertThat(byRest.message().id().value())
                        .isEqualTo(retry.path("id").asText());
                ada.send(thread, "after");
                assertThat(seq(bob)).as("nothing came twice").isEqualTo(3);
                assertThat(ada.received())
                        .extracting(TestClient.Received::event)
                        .doesNotContain("disconnect");
                server.stop();
            }
        }
    }

    /** Without Redis two nodes do not tell each other; each delivers what the other stored by looking into the database. */
    @Test
    void racedThroughBothDoorsAndTwoNodesItIsDeliveredOnceOnEach() throws Exception {
        int rounds = 15;
        try (TestServer server = TestServer.start(SETTINGS)) {
            ThreadId thread = server.thread("ada", "bob");
            try (SocketApp second = server.another()) {
                server.awaitMeter("cove_repaired_total 0.0");
                TestClient adaHere = server.connect("ada");
                TestClient bobHere = server.connect("bob");
                TestClient adaThere = server.connectTo(second, "ada");
                TestClient bobThere = server.connectTo(second, "bob");
                for (int round = 1; round <= rounds; round++) {
                    String id = "round-" + round;
                    JSONObject send = TestClient.json(
                            Map.of("threadId", thread.value(), "content", "hello", "clientMessageId", id));
                    CompletableFuture<SendOutcome> byRest = CompletableFuture.supplyAsync(
                            () -> byRest(server.database.database(), thread, "hello", id));
                    List<CompletableFuture<JsonNode>> bySocket = new ArrayList<>();
                    for (TestClient sender : List.of(adaHere, adaThere, adaHere, adaThere)) {
                        bySocket.add(sender.ask("send_message", send));
                    }

                    String messageId = byRest.join().message().id().value();
                    assertThat(bySocket)
                            .extracting(answer -> answer.orTimeout(10, TimeUnit.SECONDS)
                                    .join()
                                    .at("/message/id")
                                    .asText())
                            .containsOnly(messageId);
                    assertThat(seq(bobHere)).isEqualTo(round);
                    assertThat(seq(bobThere)).isEqualTo(round);
                }
                assertThat(server.database.ask("SELECT count(*) FROM message")).isEqualTo(Integer.toString(rounds));
            }
        }
    }

    /** As the REST handler does. */
    private static SendOutcome byRest(Database database, ThreadId thread, String content, String id) {
        return database.messages().send(new UserId("ada"), new SendMessage(thread, content, new ClientMessageId(id)));
    }

    private static int seq(TestClient client) {
        return client.await("new_message").at("/message/seq").asInt();
    }
}
