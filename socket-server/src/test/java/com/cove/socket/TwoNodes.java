package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.fcm.PushResult;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Two servers on one database, and the Redis between them. Ada is connected to the one, Bob to the other. */
final class TwoNodes implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final RedisServer redis;
    private final List<RedisServer> servers;
    final TestServer one;
    final SocketApp two;

    private TwoNodes(List<RedisServer> servers, String url, Map<String, String> settings) throws IOException {
        this.servers = servers;
        this.redis = servers.getFirst();
        Map<String, String> all = new HashMap<>(settings);
        all.put("REDIS_URL", url);
        one = TestServer.pushing(all, (_, _) -> new PushResult.Accepted());
        two = one.another();
    }

    /** Only Redis can deliver: the database is looked at once a minute. */
    static TwoNodes onlyByRedis() throws IOException {
        return start(Map.of("REPAIR_INTERVAL_MS", "60000"));
    }

    /** @param settings beside REDIS_URL */
    static TwoNodes start(Map<String, String> settings) throws IOException {
        RedisServer server = RedisServer.start();
        return new TwoNodes(List.of(server), server.url(), settings);
    }

    /** As a user of Redis with these rights only, as its ACL writes them. */
    static TwoNodes withRights(String rights, Map<String, String> settings) throws IOException {
        RedisServer server = RedisServer.start(("--user cove on >secret " + rights).split(" "));
        return new TwoNodes(List.of(server), server.url().replace("redis://", "redis://cove:secret@"), settings);
    }

    /** With a cluster of three between them, of which they are told one. */
    static TwoNodes withCluster(Map<String, String> settings) throws IOException {
        List<RedisServer> servers = RedisServer.startCluster(3);
        return new TwoNodes(servers, servers.getFirst().url() + "?cluster=true", settings);
    }

    List<RedisServer> servers() {
        return servers;
    }

    /** A client of the first server, whom the directory knows. */
    TestClient connectToOne(String user) {
        long before = places(user);
        TestClient client = one.connect(user);
        awaitPlaces(user, before + 1);
        return client;
    }

    /** A client of the second server, whom the directory knows. */
    TestClient connectToTwo(String user) {
        return connectTo(two, user);
    }

    /** A client of any server of these, whom the directory knows. */
    TestClient connectTo(SocketApp node, String user) {
        long before = places(user);
        TestClient client = one.connectTo(node, user);
        awaitPlaces(user, before + 1);
        return client;
    }

    /** Waits until Redis says of this user that they are on so many nodes. */
    void awaitPlaces(String user, long nodes) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> places(user) == nodes);
    }

    private long places(String user) {
        return servers.stream()
                .mapToLong(server -> server.ask(commands -> commands.keys("cove:*:at:*:" + user).stream()
                        .mapToLong(commands::scard)
                        .sum()))
                .sum();
    }

    /** Waits until both say this of Redis. */
    void awaitHealth(String state) {
        for (int port : new int[] {one.port(), two.port()}) {
            await().until(() -> get(port, "/health").contains("\"redis\":\"" + state + "\""));
        }
    }

    static double meter(int internalPort, String name) {
        return get(internalPort, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static String get(int port, String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next messages of this thread that a client gets, all others of other threads passed over, have these seqs. */
    static void gets(TestClient client, ThreadId thread, long first, long last) {
        List<Long> seqs = new ArrayList<>();
        while (seqs.size() < last - first + 1) {
            JsonNode message = client.await("new_message").get("message");
            if (message.path("threadId").asText().equals(thread.value())) {
                seqs.add(message.path("seq").asLong());
            }
        }
        assertThat(seqs)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, last).boxed().toList());
    }

    @Override
    public void close() {
        try (TestServer _ = one;
                SocketApp _ = two) {
            // Both are closed, and the servers after them, whatever one of them says.
        } finally {
            servers.forEach(RedisServer::close);
        }
    }
}
