package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is stored on one node reaches the members on another by Redis alone: nobody looks into the database meanwhile. */
class NodesTest {
    private static final String SENT = "cove_hints_sent_total";
    private TwoNodes nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = TwoNodes.onlyByRedis();
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void aMessageAReadingAndANewThreadReachTheOtherNode() {
        ThreadId thread = nodes.one.thread("ada", "bob");
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");

        JsonNode sent = ada.send(thread, "hello");
        JsonNode heard = bob.await("new_message").get("message");
        bob.ok("mark_read", Map.of("messageId", sent.path("id").asText()));
        JsonNode read = ada.await("message_read");
        ChatThread created = created("ada", "bob", "carol");

        assertThat(heard).isEqualTo(sent);
        assertThat(read.path("userId").asText()).isEqualTo("bob");
        assertThat(read.path("lastReadSeq").asLong()).isEqualTo(1);
        notifyHook(nodes.two, notice(created));
        assertThat(ada.await("thread_created").at("/thread/id").asText())
                .isEqualTo(created.id().value());
        assertThat(bob.await("thread_created").at("/thread/id").asText())
                .isEqualTo(created.id().value());
    }

    @Test
    void manySendersOnBothAndTheHookOfEitherMakeOneOrder() {
        ThreadId thread = nodes.one.thread("ada", "bob", "rest");
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");
        TestClient adasPhone = nodes.connectToTwo("ada");
        List<CompletableFuture<?>> sending = new ArrayList<>();
        for (TestClient sender : List.of(ada, bob, adasPhone)) {
            sending.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 40; i++) {
                    sender.send(thread, "by socket");
                }
            }));
        }
        for (SocketApp told : List.of(nodes.one.app(), nodes.two)) {
            sending.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 15; i++) {
                    notifyHook(told, nodes.one.notice(byRest(thread)));
                }
            }));
        }
        sending.forEach(each -> each.orTimeout(30, TimeUnit.SECONDS).join());

        for (TestClient member : List.of(ada, bob, adasPhone)) {
            TwoNodes.gets(member, thread, 1, 150);
        }
        // One more: had anything come twice, it would come before.
        ada.send(thread, "the last");
        for (TestClient member : List.of(ada, bob, adasPhone)) {
            TwoNodes.gets(member, thread, 151, 151);
            assertThat(member.received()).isEmpty();
        }
    }

    @Test
    void nothingIsSentForWhoIsNotOnAnotherNode() {
        ThreadId here = nodes.one.thread("ada", "carol");
        ThreadId away = nodes.one.thread("ada", "nobody");
        ThreadId there = nodes.one.thread("ada", "bob");
        TestClient ada = nodes.connectToOne("ada");
        TestClient carol = nodes.connectToOne("carol");
        TestClient bob = nodes.connectToTwo("bob");

        for (int i = 0; i < 5; i++) {
            ada.send(here, "between two of one node");
            ada.send(away, "to who is not connected");
        }
        ada.send(there, "to the other node");

        TwoNodes.gets(bob, there, 1, 1);
        TwoNodes.gets(carol, here, 1, 5);
        assertThat(TwoNodes.meter(nodes.one.internalPort(), SENT)).isEqualTo(1);
        assertThat(TwoNodes.meter(nodes.two.internalPort(), "cove_hints_received_total"))
                .isEqualTo(1);
    }

    @Test
    void oneHintServesAllMembersOfANode() {
        String[] members = {"ada", "m1", "m2", "m3", "m4", "m5"};
        ThreadId thread = nodes.one.thread(members);
        TestClient ada = nodes.connectToOne("ada");
        List<TestClient> others = new ArrayList<>();
        for (int i = 1; i < members.length; i++) {
            others.add(nodes.connectToTwo(members[i]));
        }

        ada.send(thread, "to all");

        others.forEach(other -> TwoNodes.gets(other, thread, 1, 1));
        assertThat(TwoNodes.meter(nodes.one.internalPort(), SENT)).isEqualTo(1);
    }

    @Test
    void whoLeavesIsTakenOutOfTheDirectory() {
        ThreadId thread = nodes.one.thread("ada", "bob");
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");

        bob.close();
        nodes.awaitPlaces("bob", 0);
        ada.send(thread, "to nobody there");
        TwoNodes.gets(ada, thread, 1, 1);

        assertThat(TwoNodes.meter(nodes.one.internalPort(), SENT)).isZero();
    }

    /** Two systems may share one Redis: their hints never meet, though their users have the same names. */
    @Test
    void systemsWithOtherDatabasesHearNothing() throws Exception {
        ThreadId thread = nodes.one.thread("ada", "bob");
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");
        try (TestServer stranger =
                TestServer.start(Map.of("REDIS_URL", nodes.redis.url(), "REPAIR_INTERVAL_MS", "60000"))) {
            // Test databases are copies of one; real ones have histories of their own from the beginning.
            stranger.database.execute("UPDATE history_epoch SET id = gen_random_uuid()");
            stranger.restart();
            TestClient otherBob = stranger.connect("bob");
            nodes.awaitPlaces("bob", 2);

            ada.send(thread, "not for strangers");

            TwoNodes.gets(bob, thread, 1, 1);
            assertThat(TwoNodes.meter(stranger.internalPort(), "cove_hints_received_total"))
                    .isZero();
            assertThat(otherBob.received())
                    .extracting(TestClient.Received::event)
                    .doesNotContain("new_message");
        }
    }

    private Message byRest(ThreadId thread) {
        nodes.one.database.user("rest");
        return nodes.one
                .database
                .database()
                .messages()
                .send(new UserId("rest"), new SendMessage(thread, "by REST", null))
                .message();
    }

    private ChatThread created(String creator, String... others) {
        List<UserId> users =
                List.of(others).stream().map(nodes.one.database::user).toList();
        return nodes.one
                .database
                .database()
                .threads()
                .create(nodes.one.database.user(creator), new CreateThread(users, "a group"))
                .thread();
    }

    private String notice(ChatThread thread) {
        long transaction = Long.parseLong(nodes.one.database.ask(
                "SELECT changed FROM thread WHERE id = '" + thread.id().value() + "'"));
        List<UserId> members = nodes.one.database.database().threads().members(new UserId("ada"), thread.id());
        return new Delivery(members, Change.of(new ThreadCreated(thread), transaction)).toJson();
    }

    private static void notifyHook(SocketApp told, String body) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + told.internalPort() + "/internal/notify"))
                .header(
                        HookSignature.HEADER,
                        new HookSignature(List.of(TestServer.HOOK_SECRET), Clock.systemUTC()).sign(body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(204);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
