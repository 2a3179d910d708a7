package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.FakeTokens;
import com.cove.db.Conversation;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.RestartablePostgres;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A server whose PostgreSQL gets into trouble, and people who keep talking meanwhile: writers, each in a thread of their own
 * with one listener, who repeat what was not acknowledged. {@link #judge} says whether any acknowledgement lied.
 */
final class Outage implements AutoCloseable {
    private static final int WRITERS = 6;
    /** Longer than anything here may take to answer. */
    private static final int ANSWER_SECONDS = 25;

    /** The pool asks PostgreSQL again every 5 s at the latest. */
    private static final Duration RECOVERY = Duration.ofSeconds(9);
    /** A send may wait 5 s for its turn, and then for 7 s for a PostgreSQL that fell silent. */
    private static final Duration SLOWEST_ANSWER = Duration.ofSeconds(14);

    private static final Set<String> PASSING = Set.of("unavailable", "rate_limited");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Map<String, String> SETTINGS = Map.of(
            "SOCKET_PORT", "0",
            "INTERNAL_PORT", "0",
            "HOOK_SECRET", TestServer.HOOK_SECRET,
            "SOCKET_DRAIN_MS", "0",
            // An event loop that waits for the database would miss these, and its clients would be gone.
            "SOCKET_PING_INTERVAL_MS", "300",
            "SOCKET_PING_TIMEOUT_MS", "2000",
            "SOCKET_EVENTS_PER_SECOND", "100000",
            "SOCKET_EVENT_BURST", "100000",
            "SOCKET_USER_EVENTS_PER_SECOND", "100000",
            "SOCKET_USER_EVENT_BURST", "100000");

    private final FakeTokens tokens = new FakeTokens();
    private final Database database;
    private final SocketApp app;
    private final int number = NUMBER.incrementAndGet();
    private final UserId listener = new UserId("listener-" + number);
    private final List<Writer> writers = new ArrayList<>();
    private final List<TestClient> newcomers = new ArrayList<>();
    private final TestClient listening;
    private volatile boolean talking = true;

    /** @param config of the server's connections */
    Outage(DatabaseConfig config) throws IOException {
        this.database = Database.open(config);
        this.app = SocketApp.start(SocketConfig.fromEnvironment(SETTINGS), database, tokens);
        provision(listener);
        listening = client(listener.value(), false);
        listening.connect();
        IntStream.range(0, WRITERS).forEach(i -> writers.add(new Writer("writer-" + number + "-" + i)));
        writers.forEach(Writer::begin);
        awaitProgress();
    }

    /** Somebody who sends one message after another, and each until it is acknowledged. */
    private final class Writer {
        private final UserId user;
        private final ThreadId thread;
        private final TestClient client;
        private final Map<String, JsonNode> acknowledged = new LinkedHashMap<>();
        private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
        private final AtomicInteger sent = new AtomicInteger();
        private volatile Duration slowest = Duration.ZERO;
        private volatile Thread life = Thread.currentThread();

        Writer(String name) {
            user = new UserId(name);
            provision(user);
            thread = database.threads()
                    .create(user, new CreateThread(List.of(listener), null))
                    .thread()
                    .id();
            client = client(name, false);
            client.connect();
        }

        void begin() {
            life = Thread.ofVirtual().start(() -> {
                while (talking) {
                    String id = "m-" + sent.get();
                    acknowledged.put(id, untilAcknowledged(id));
                    sent.incrementAndGet();
                }
            });
        }

        private JsonNode untilAcknowledged(String id) {
            while (true) {
                long start = System.nanoTime();
                JsonNode answer = client.ask(
                                "send_message",
                                TestClient.json(Map.of(
                                        "threadId", thread.value(), "content", "content " + id, "clientMessageId", id)))
                        .completeOnTimeout(
                                Json.parse("{\"error\":{\"code\":\"none\"}}"), ANSWER_SECONDS, TimeUnit.SECONDS)
                        .join();
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
                if (answer.path("ok").asBoolean()) {
                    return answer.get("message");
                }
                refusals.merge(answer.at("/error/code").asText(), 1, Integer::sum);
                LockSupport.parkNanos(20_000_000);
            }
        }

        void check() {
            assertThat(refusals.keySet()).as("what %s was told", user).isSubsetOf(PASSING);
            List<Message> stored = Conversation.messages(database, thread);
            assertThat(stored).extracting(Message::seq).containsExactlyElementsOf(upTo(stored.size()));
            assertThat(stored)
                    .as("acknowledged is stored, once, and nothing else is")
                    .extracting(message -> String.valueOf(message.clientMessageId()))
                    .containsExactlyElementsOf(acknowledged.keySet());
            assertThat(stored)
                    .extracting(message -> message.id().value())
                    .containsExactlyElementsOf(acknowledged.values().stream()
                            .map(message -> message.path("id").asText())
                            .toList());
        }
    }

    /** Waits until as many sends as there are writers were refused since now. */
    void awaitRefusals() {
        int before = refused();
        await().atMost(ANSWER_SECONDS, TimeUnit.SECONDS).until(() -> refused() >= before + WRITERS);
    }

    private int refused() {
        return writers.stream().mapToInt(Outage::refused).sum();
    }

    /** Waits until every writer has had further messages acknowledged; how long that took. */
    Duration awaitProgress() {
        long start = System.nanoTime();
        List<Integer> before = writers.stream().map(writer -> writer.sent.get()).toList();
        await().atMost(ANSWER_SECONDS, TimeUnit.SECONDS)
                .until(() -> IntStream.range(0, WRITERS)
                        .allMatch(i -> writers.get(i).sent.get() > before.get(i) + 2));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static int refused(Writer writer) {
        return writer.refusals.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The thread of one of the writers. */
    String someThread() {
        return writers.getFirst().thread.value();
    }

    void awaitRefusalsInThatThread(int refusals) {
        Writer writer = writers.getFirst();
        int before = refused(writer);
        await().atMost(ANSWER_SECONDS, TimeUnit.SECONDS).until(() -> refused(writer) >= before + refusals);
    }

    /** Waits until each of the others has had so many further messages acknowledged; refused with that thread were they once at most. */
    void awaitOthers(int messages) {
        List<Writer> others = writers.subList(1, WRITERS);
        List<Integer> before = others.stream().map(writer -> writer.sent.get()).toList();
        await().atMost(ANSWER_SECONDS, TimeUnit.SECONDS)
                .until(() -> IntStream.range(0, others.size())
                        .allMatch(i -> others.get(i).sent.get() >= before.get(i) + messages));
        assertThat(others).allSatisfy(other -> assertThat(refused(other)).isLessThanOrEqualTo(1));
    }

    /** Waits until {@code /health} says this of the database, with the status that belongs to it. */
    void awaitHealth(String database) {
        await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> {
            HttpResponse<String> answer = get("/health");
            assertThat(Json.parse(answer.body()).path("database").asText()).isEqualTo(database);
            assertThat(answer.statusCode()).isEqualTo(database.equals("up") ? 200 : 503);
            assertThat(get("/live").statusCode()).isEqualTo(200);
        });
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What needs no writing is answered. */
    void readable() {
        Writer writer = writers.getFirst();
        String cursor = database.threads()
                .list(writer.user, new ListThreads(null, null))
                .cursor()
                .value();
        await().atMost(5, TimeUnit.SECONDS)
                .until(() -> listening
                        .emit("sync", TestClient.json(Map.of("cursor", cursor)))
                        .path("ok")
                        .asBoolean());
    }

    /** Somebody who begins to connect now, and goes on trying as every Socket.IO client does. */
    TestClient newcomer() {
        TestClient newcomer = client("newcomer-" + number + "-" + newcomers.size(), true);
        newcomers.add(newcomer);
        newcomer.open();
        return newcomer;
    }

    /**
     * Once the trouble is over: everybody gets on by themselves, who tried to connect is in, no connection was lost, each
     * message acknowledged is stored once and was delivered once, and nothing is left in use.
     */
    void judge() {
        judge(false);
    }

    /** The same, but that members may have been told twice of what they had. */
    void judgeButRepeated() {
        judge(true);
    }

    private void judge(boolean repeated) {
        Duration recovery = awaitProgress();
        awaitHealth("up");
        newcomers.forEach(newcomer -> newcomer.await("connect"));
        talking = false;
        writers.forEach(writer -> joined(writer.life));
        assertThat(recovery).as("everybody gets on").isLessThan(RECOVERY);
        writers.forEach(
                writer -> assertThat(writer.slowest).as("the slowest answer").isLessThan(SLOWEST_ANSWER));
        writers.forEach(Writer::check);
        writers.forEach(writer -> stayedConnected(writer.client));
        await().atMost(10, TimeUnit.SECONDS).until(() -> RestartablePostgres.connectionsInUse(database) == 0);
        heard(repeated);
    }

    private void heard(boolean repeated) {
        Map<String, List<Long>> heard = new LinkedHashMap<>();
        await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> {
            for (TestClient.Received next = listening.received().poll();
                    next != null;
                    next = listening.received().poll()) {
                assertThat(next.event()).isNotEqualTo("disconnect");
                if (next.event().equals("new_message")) {
                    List<Long> seqs = heard.computeIfAbsent(
                            next.payload().at("/message/threadId").asText(), _ -> new ArrayList<>());
                    long seq = next.payload().at("/message/seq").asLong();
                    if (!repeated || !seqs.contains(seq)) {
                        seqs.add(seq);
                    }
                }
            }
            for (Writer writer : writers) {
                assertThat(heard.get(writer.thread.value()))
                        .containsExactlyElementsOf(upTo(writer.acknowledged.size()));
            }
        });
    }

    private static void stayedConnected(TestClient client) {
        assertThat(client.received()).extracting(TestClient.Received::event).doesNotContain("disconnect");
    }

    private static void joined(Thread life) {
        try {
            assertThat(life.join(Duration.ofSeconds(ANSWER_SECONDS))).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void provision(UserId user) {
        database.users().provision(new UserProfile(user, user.value(), null));
    }

    private TestClient client(String user, boolean returning) {
        return new TestClient(app.port(), returning, tokens.issue(user), "websocket");
    }

    private static List<Long> upTo(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    @Override
    public void close() {
        talking = false;
        writers.forEach(writer -> writer.client.close());
        listening.close();
        newcomers.forEach(TestClient::close);
        app.close();
        database.close();
    }
}
