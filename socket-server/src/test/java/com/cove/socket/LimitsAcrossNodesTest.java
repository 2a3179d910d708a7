package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one user may do on two nodes together. */
class LimitsAcrossNodesTest {
    private static final String TOLD = "cove_limits_told_total";
    private @Nullable TwoNodes running;

    private TwoNodes start(Map<String, String> settings) throws Exception {
        running = TwoNodes.start(settings);
        return running;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    // --- connections ---

    @Test
    void whoComesWhereTheyAreNotYetAndHasTooManyElsewhereIsClosedAndThenRefused() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_MAX_CONNECTIONS_PER_USER", "2"));
        TestClient first = nodes.connectToOne("ada");
        TestClient second = nodes.one.connect("ada");

        TestClient third = nodes.one.connectTo(nodes.two, "ada");
        third.await("disconnect");

        JsonNode refusal = refused(nodes);
        assertThat(refusal.path("message").asText()).isEqualTo("rate_limited");
        assertThat(refusal.at("/data/retryAfterMs").asInt()).isPositive();
        assertThat(TwoNodes.get(nodes.two.internalPort(), "/metrics"))
                .contains("cove_session_ends_total{reason=\"too_many_connections\"} 1");
        assertThat(first.received()).extracting(TestClient.Received::event).doesNotContain("disconnect");

        second.close();
        await().until(() -> connections(nodes) == 1);
        await().pollInterval(Duration.ofMillis(500)).until(() -> letIn(nodes.two, nodes));
    }

    @Test
    void whoIsOnBothIsRefusedByEitherAtOnce() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_MAX_CONNECTIONS_PER_USER", "3"));
        nodes.connectToOne("ada");
        nodes.connectToTwo("ada");
        nodes.connectToTwo("bob");
        // Each has told the other, and who heard first has told once more.
        await().until(() -> told(nodes) >= 3);
        nodes.one.connect("ada");
        await().until(() -> told(nodes) >= 4);

        assertThat(refused(nodes).path("message").asText()).isEqualTo("rate_limited");
        nodes.one.connectTo(nodes.two, "bob");
        assertThat(connections(nodes)).isEqualTo(5);
    }

    @Test
    void thoseWhoComeToBothAtOnceAreAsManyAsTheyMayInTheEnd() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_MAX_CONNECTIONS_PER_USER", "5"));
        List<TestClient> coming = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            coming.add(nodes.one.client(nodes.one.tokens.issue("ada"), "websocket"));
            coming.add(nodes.one.clientOf(nodes.two, "ada"));
        }

        coming.forEach(TestClient::open);

        coming.forEach(client -> client.awaitAny("connect", "connect_error"));
        await().until(() -> connections(nodes) == 5);
        // Nobody is closed for what is no longer so.
        nodes.one.connect("carol");
        nodes.one.connectTo(nodes.two, "carol");
        await().until(() -> told(nodes) > 0 && connections(nodes) == 7);
    }

    /** What another node told counts while that node lives, and only then. */
    @Test
    void aNodeThatWasKilledTakesNoPlaces() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_MAX_CONNECTIONS_PER_USER", "2"));
        nodes.connectToOne("ada");
        String mark = another(nodes, "77");

        nodes.redis.ask(commands -> commands.sadd(registered(nodes, "ada"), "77"));
        tell(nodes, "77", "ada", 2);
        await().until(() -> letIn(nodes.one.app(), nodes));
        assertThat(connections(nodes)).isEqualTo(2);

        nodes.redis.ask(commands -> commands.set(mark, "{}"));
        nodes.redis.ask(commands -> commands.sadd(registered(nodes, "ada"), "77"));
        tell(nodes, "77", "ada", 2);
        await().until(() -> connections(nodes) == 0);
    }

    @Test
    void withoutRedisEachNodeCountsForItself() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_MAX_CONNECTIONS_PER_USER", "2"));
        nodes.connectToOne("ada");
        nodes.connectToTwo("ada");
        await().until(() -> told(nodes) >= 2);

        nodes.redis.kill();
        nodes.awaitHealth("down");

        nodes.one.connect("ada");
        nodes.one.connectTo(nodes.two, "ada");
        assertThat(connections(nodes)).isEqualTo(4);

        nodes.redis.restart();
        await().until(() -> connections(nodes) == 2);
    }

    // --- events ---

    @Test
    void whatIsSpentOnOneIsMissingOnTheOther() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_USER_EVENTS_PER_SECOND", "1", "SOCKET_USER_EVENT_BURST", "200"));
        ThreadId thread = nodes.one.thread("ada", "bob");
        TestClient phone = nodes.connectToOne("ada");
        TestClient laptop = nodes.connectToTwo("ada");
        await().until(() -> told(nodes) >= 2);
        JSONObject typing = TestClient.json(Map.of("threadId", thread.value()));
        await().pollInterval(Duration.ZERO).until(() -> isRefused(phone, typing));

        // Alone it could send two hundred: twenty seconds at this pace.
        AtomicInteger sent = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            sent.incrementAndGet();
            return isRefused(laptop, typing);
        });

        assertThat(sent).hasValueLessThan(100);
    }

    @Test
    void ofWhoIsOnOneNodeOnlyNobodyIsTold() throws Exception {
        TwoNodes nodes = start(Map.of("SOCKET_USER_EVENT_BURST", "20"));
        ThreadId thread = nodes.one.thread("ada", "bob");
        TestClient ada = nodes.connectToOne("ada");
        nodes.one.connect("ada");
        TestClient bob = nodes.connectToTwo("bob");
        for (int i = 1; i <= 20; i++) {
            ada.send(thread, "message");
        }
        TwoNodes.gets(bob, thread, 1, 20);

        assertThat(told(nodes)).isZero();
    }

    @Test
    void rubbishDoesNoHarm() throws Exception {
        TwoNodes nodes = start(Map.of());
        nodes.connectToOne("ada");
        List<String> rubbish = List.of(
                "limits\n",
                "limits\nnull",
                "limits\n{}",
                "limits\n{\"node\":\"n\",\"address\":\"1\",\"users\":[null]}",
                "limits\n{\"node\":\"n\",\"address\":\"1\",\"users\":[{\"user\":\"ada\",\"since\":[],\"spent\":-1}]}");

        rubbish.forEach(each -> publish(nodes, each));

        await().until(() -> Talk.dropped(nodes.one.app(), "malformed") == rubbish.size());
        nodes.one.connect("ada");
    }

    private static boolean isRefused(TestClient client, JSONObject typing) {
        return client.emit("typing_start", typing).has("error");
    }

    private static boolean letIn(SocketApp node, TwoNodes nodes) {
        TestClient client = nodes.one.clientOf(node, "ada");
        client.open();
        return client.awaitAny("connect", "connect_error").equals("connect");
    }

    private static JsonNode refused(TwoNodes nodes) {
        TestClient client = nodes.one.clientOf(nodes.two, "ada");
        client.open();
        return client.expect("connect_error");
    }

    private static double connections(TwoNodes nodes) {
        return both(nodes, "cove_connections");
    }

    private static double told(TwoNodes nodes) {
        return both(nodes, TOLD);
    }

    private static double both(TwoNodes nodes, String meter) {
        return TwoNodes.meter(nodes.one.internalPort(), meter) + TwoNodes.meter(nodes.two.internalPort(), meter);
    }

    private static String registered(TwoNodes nodes, String user) {
        return nodes.redis.ask(commands -> commands.keys("cove:*:at:*:" + user).getFirst());
    }

    /** The mark of another node. */
    private static String another(TwoNodes nodes, String address) {
        return nodes.redis
                .ask(commands -> commands.keys("cove:*:nodes").getFirst())
                .replaceFirst("nodes$", "mark:" + address);
    }

    /** As another node tells that it has connections of a user's, all older than any other. */
    private static void tell(TwoNodes nodes, String address, String user, int connections) {
        publish(
                nodes,
                "limits\n"
                        + Json.text(Map.of(
                                "node",
                                "another",
                                "address",
                                address,
                                "users",
                                List.of(Map.of(
                                        "user",
                                        user,
                                        "since",
                                        LongStream.range(0, connections).boxed().toList(),
                                        "spent",
                                        0)))));
    }

    private static void publish(TwoNodes nodes, String hint) {
        // To both; who does not have the user takes no notice.
        nodes.redis.ask(commands -> {
            commands.pubsubShardChannels("cove:*:node:*").forEach(channel -> commands.spublish(channel, hint));
            return null;
        });
    }
}
