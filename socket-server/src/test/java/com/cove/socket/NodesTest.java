package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.json.Json;
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
import java.util.stream.Collectors;
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
        ChatThread created = created("ada", "a group", "bob", "carol");

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
        nodes.one.awaitMeter(SENT + " 1.0");
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
        nodes.one.awaitMeter(SENT + " 1.0");
    }

    /** Four nodes, of which three have members; two of the members are on one of them. */
    @Test
    void aHintGoesOnceToEachOtherNodeWithAMember() throws Exception {
        ThreadId thread = nodes.one.thread("ada", "bob", "carol", "dave", "nobody");
        try (SocketApp three = nodes.one.another();
                SocketApp four = nodes.one.another();
                Eavesdropper wire = Eavesdropper.of(nodes.redis, 4)) {
            TestClient ada = nodes.connectToOne("ada");
            TestClient bob = nodes.connectToTwo("bob");
            TestClient carol = nodes.connectTo(three, "carol");
            TestClient dave = nodes.connectTo(three, "dave");
            TestClient stranger = nodes.connectTo(four, "stranger");

            for (int i = 0; i < 3; i++) {
                ada.send(thread, "to all of them");
            }

            for (TestClient member : List.of(ada, bob, carol, dave)) {
                TwoNodes.gets(member, thread, 1, 3);
            }
            await().until(() -> wire.about(thread.value()).size() >= 6);
            assertThat(wire.about(thread.value()).stream()
                            .collect(Collectors.groupingBy(Eavesdropper.Heard::channel, Collectors.counting())))
                    .hasSize(2)
                    .values()
                    .containsOnly(3L);
            assertThat(stranger.received())
                    .extracting(TestClient.Received::event)
                    .doesNotContain("new_message");
        }
    }

    @Test
    void anIdleThreadAndTypingThatNobodyElsewhereSeesAreNotToldOf() {
        ThreadId idle = nodes.one.thread("ada", "bob");
        ThreadId here = nodes.one.thread("ada", "carol");
        ThreadId away = nodes.one.thread("ada", "nobody");
        ThreadId there = nodes.one.thread("ada", "bob", "carol");
        try (Eavesdropper wire = Eavesdropper.of(nodes.redis, 2)) {
            TestClient ada = nodes.connectToOne("ada");
            TestClient carol = nodes.connectToOne("carol");
            TestClient bob = nodes.connectToTwo("bob");

            for (ThreadId thread : List.of(here, away)) {
                ada.ok("typing_start", Map.of("threadId", thread.value()));
                ada.ok("typing_stop", Map.of("threadId", thread.value()));
            }
            carol.await("user_typing");
            ada.send(there, "the first that goes to another node");

            TwoNodes.gets(bob, there, 1, 1);
            await().until(() -> !wire.about(there.value()).isEmpty());
            for (ThreadId quiet : List.of(idle, here, away)) {
                assertThat(wire.about(quiet.value())).isEmpty();
            }
        }
    }

    /** Encoded where it was stored, and never again. */
    @Test
    void whateverIsWrittenComesAsTheSameBytesAsOnItsOwnNode() {
        String odd =
                "\"'\\/ <b>&amp;</b> \u2028\u2029 😀👩‍👩‍👧 \u202eرtl\u202c é e\u0301 \t\r\n\u0001\u001e\u007f\u0085 \ufeff\uffff\ud800\udc00"
                        + " \\u003c {}[],\"lastReadSeq\":7}";
        String ada = "ada<&>\"😀\u2028";
        String bob = "bob";
        ThreadId thread = nodes.one.thread(ada, bob);
        try (Eavesdropper wire = Eavesdropper.of(nodes.redis, 2);
                RawSocket one = RawSocket.connect(nodes.one.port(), nodes.one.tokens.issue(ada));
                RawSocket two = RawSocket.connect(nodes.two.port(), nodes.one.tokens.issue(ada))) {
            nodes.awaitPlaces(ada, 2);
            TestClient bobsClient = nodes.connectToTwo(bob);

            JsonNode message = sendOn(nodes.one, ada, thread, odd);
            same(wire, "new_message", one, two);
            bobsClient.ok("mark_read", Map.of("messageId", message.path("id").asText()));
            same(wire, "message_read", two, one);
            notifyHook(nodes.two, notice(created(ada, odd, bob)));
            same(wire, "thread_created", two, one);

            assertThat(message.path("content").asText()).isEqualTo(odd);
        }
    }

    /** Both get the event with one payload, and that is what was sent from one node to the other. */
    private static void same(Eavesdropper wire, String event, RawSocket where, RawSocket elsewhere) {
        String payload = payload(event, where);
        assertThat(payload(event, elsewhere)).isEqualTo(payload);
        await().until(() -> !wire.about(payload).isEmpty());
        assertThat(wire.about(payload))
                .singleElement()
                .satisfies(heard -> assertThat(heard.hint()).endsWith("\n" + payload));
    }

    /** The event's first argument, as it came; the last one is what this connection has seen. */
    private static String payload(String event, RawSocket socket) {
        String beginning = "42[\"" + event + "\",";
        String frame = socket.next();
        while (!frame.startsWith(beginning)) {
            frame = socket.next();
        }
        return frame.substring(beginning.length(), frame.lastIndexOf(",\""));
    }

    private static JsonNode sendOn(TestServer server, String user, ThreadId thread, String content) {
        try (RawSocket sender = RawSocket.connect(server.port(), server.tokens.issue(user))) {
            return sender.emit("send_message", Json.text(Map.of("threadId", thread.value(), "content", content)))
                    .path("message");
        }
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

    private ChatThread created(String creator, String title, String... others) {
        List<UserId> users =
                List.of(others).stream().map(nodes.one.database::user).toList();
        return nodes.one
                .database
                .database()
                .threads()
                .create(nodes.one.database.user(creator), new CreateThread(users, title))
                .thread();
    }

    private String notice(ChatThread thread) {
        long transaction = Long.parseLong(nodes.one.database.ask(
                "SELECT changed FROM thread WHERE id = '" + thread.id().value() + "'"));
        List<UserId> members = nodes.one
                .database
                .database()
                .threads()
                .members(thread.participants().getFirst().id(), thread.id());
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
