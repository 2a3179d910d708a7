package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What an operator sees of the nodes. */
class NodesPageTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void withoutRedisANodeKnowsOfItselfAlone() throws Exception {
        try (TestServer server = TestServer.start()) {
            server.connect("ada");
            server.connect("ada");
            server.connect("bob");
            server.awaitMeter("cove_connections 3.0");

            JsonNode answer = nodes(server.internalPort());

            assertThat(answer.path("others").asText()).isEqualTo("none");
            assertThat(answer.path("nodes")).hasSize(1);
            JsonNode self = answer.at("/nodes/0");
            assertThat(self.path("self").asBoolean()).isTrue();
            assertThat(self.path("port").asInt()).isEqualTo(server.port());
            assertThat(self.path("connections").asInt()).isEqualTo(3);
            assertThat(self.path("users").asInt()).isEqualTo(2);
            assertThat(self.path("status").asText()).isEqualTo("up");
            assertThat(self.path("database").asText()).isEqualTo("up");
            assertThat(self.has("redis")).isFalse();
        }
    }

    @Test
    void eachNodeShowsAllOfThemAndWhatTheyTellEachOther() throws Exception {
        try (TwoNodes nodes = TwoNodes.onlyByRedis()) {
            ThreadId thread = nodes.one.thread("ada", "bob");
            TestClient ada = nodes.connectToOne("ada");
            TestClient bob = nodes.connectToTwo("bob");
            ada.send(thread, "hello");
            TwoNodes.gets(bob, thread, 1, 1);

            for (SocketApp asked : new SocketApp[] {nodes.one.app(), nodes.two}) {
                await().untilAsserted(() -> {
                    JsonNode answer = nodes(asked.internalPort());
                    assertThat(answer.path("others").asText()).isEqualTo("known");
                    assertThat(answer.path("silent").asInt()).isZero();
                    assertThat(answer.path("nodes")).hasSize(2);
                    JsonNode one = ofPort(answer, nodes.one.port());
                    JsonNode two = ofPort(answer, nodes.two.port());
                    assertThat(one.path("connections").asInt()).isEqualTo(1);
                    assertThat(two.path("connections").asInt()).isEqualTo(1);
                    assertThat(one.at("/redis/sent").asInt()).isEqualTo(1);
                    assertThat(two.at("/redis/received").asInt()).isEqualTo(1);
                    assertThat(two.at("/redis/up").asBoolean()).isTrue();
                    assertThat(two.path("database").asText()).isEqualTo("up");
                });
                JsonNode self = ofPort(nodes(asked.internalPort()), asked.port());
                assertThat(self.path("self").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void whileRedisIsAwayTheOthersAreUnknown() throws Exception {
        try (TwoNodes nodes = TwoNodes.onlyByRedis()) {
            await().until(() -> nodes(nodes.two.internalPort()).path("nodes").size() == 2);

            nodes.redis.kill();
            nodes.awaitHealth("down");

            JsonNode answer = nodes(nodes.two.internalPort());
            assertThat(answer.path("others").asText()).isEqualTo("unknown");
            assertThat(answer.path("nodes")).hasSize(1);
            assertThat(answer.at("/nodes/0/redis/up").asBoolean()).isFalse();

            nodes.redis.restart();
            await().until(() -> nodes(nodes.two.internalPort()).path("nodes").size() == 2);
        }
    }

    @Test
    void whoStopsSaysGoodbyeAndWhoIsKilledIsSilent() throws Exception {
        try (TwoNodes nodes = TwoNodes.onlyByRedis()) {
            await().until(() -> nodes(nodes.two.internalPort()).path("nodes").size() == 2);

            nodes.one.stop();
            // As one leaves behind that was killed ten seconds ago, and that nobody has taken out yet.
            nodes.redis.ask(commands -> commands.sadd(registry(nodes), "42"));

            JsonNode answer = nodes(nodes.two.internalPort());
            assertThat(answer.path("nodes")).hasSize(1);
            assertThat(answer.path("silent").asInt()).isEqualTo(1);
        }
    }

    @Test
    void whatSomebodyElseWroteIntoRedisDoesNoHarm() throws Exception {
        try (TwoNodes nodes = TwoNodes.onlyByRedis()) {
            await().until(() -> nodes(nodes.two.internalPort()).path("nodes").size() == 2);
            String registry = registry(nodes);
            String marks = registry.replaceFirst("nodes$", "mark:");
            Map<String, String> rubbish = Map.of(
                    "1",
                    "",
                    "2",
                    "null",
                    "3",
                    "{\"id\":7}",
                    "4",
                    "[".repeat(100_000),
                    "5",
                    "{\"id\":\"x\",\"name\":\"</script>\"}");
            nodes.redis.ask(commands -> commands.sadd(registry, rubbish.keySet().toArray(String[]::new)));
            rubbish.forEach((address, mark) -> nodes.redis.ask(commands -> commands.set(marks + address, mark)));

            String answer = TwoNodes.get(nodes.two.internalPort(), "/nodes");

            assertThat(Json.parse(answer).path("nodes")).hasSize(3);
            assertThat(answer).doesNotContain("<");
        }
    }

    /** Of what is in the page, the policy lets our own script and style do something, and nothing else. */
    @Test
    void aBrowserIsShownAPageThatTakesNothingFromElsewhere() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpResponse<String> page =
                    ask(server.internalPort(), "/nodes", "GET", "text/html,application/xhtml+xml,*/*;q=0.8");
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body())
                    .isEqualTo(ask(server.internalPort(), "/nodes.html", "GET", "*/*")
                            .body());
            String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
            assertThat(policy)
                    .contains("default-src 'none'", "script-src " + hash(page.body(), "script"))
                    .contains("style-src " + hash(page.body(), "style"));
            assertThat(page.body()).doesNotContain("http://", "https://", "innerHTML");
        }
    }

    @Test
    void nothingElseIsThereAndNothingForClients() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(ask(server.internalPort(), "/nodes", "POST", "*/*").statusCode())
                    .isEqualTo(405);
            assertThat(ask(server.internalPort(), "/nodesandmore", "GET", "*/*").statusCode())
                    .isEqualTo(404);
            assertThat(server.get("/nodes").body()).doesNotContain("connections");
            assertThat(server.get("/nodes").statusCode()).isGreaterThanOrEqualTo(400);
        }
    }

    private static String registry(TwoNodes nodes) {
        return nodes.redis.ask(commands -> commands.keys("cove:*:nodes").getFirst());
    }

    private static JsonNode ofPort(JsonNode answer, int port) {
        for (JsonNode node : answer.path("nodes")) {
            if (node.path("port").asInt() == port) {
                return node;
            }
        }
        throw new AssertionError("no node of port " + port + " in " + answer);
    }

    private static JsonNode nodes(int internalPort) {
        return Json.parse(TwoNodes.get(internalPort, "/nodes"));
    }

    private static HttpResponse<String> ask(int port, String path, String method, String accept) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String hash(String page, String tag) throws Exception {
        Matcher content = Pattern.compile("<" + tag + ">(.*?)</" + tag + ">", Pattern.DOTALL)
                .matcher(page);
        assertThat(content.find()).isTrue();
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(content.group(1).getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }
}
