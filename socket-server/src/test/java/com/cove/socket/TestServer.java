package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.FakeTokens;
import com.cove.auth.TokenAuthority;
import com.cove.auth.fcm.PushClient;
import com.cove.db.Database;
import com.cove.db.TestDatabase;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A running socket server on free ports, with its own database, fake tokens, and clients that are closed with it. */
final class TestServer implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    static final String HOOK_SECRET = "a hook secret for tests";

    final TestDatabase database = TestDatabase.create();
    final FakeTokens tokens = new FakeTokens();
    private final Map<String, String> variables;
    private final UnaryOperator<TokenAuthority> verifier;
    private final Optional<PushClient> pushes;
    private SocketApp app;
    private final List<TestClient> clients = new ArrayList<>();
    private boolean stopped;

    private TestServer(
            Map<String, String> settings, UnaryOperator<TokenAuthority> verifier, Optional<PushClient> pushes)
            throws IOException {
        this.verifier = verifier;
        this.pushes = pushes;
        this.variables = new HashMap<>(Map.of(
                "SOCKET_PORT", "0",
                "INTERNAL_PORT", "0",
                "HOOK_SECRET", HOOK_SECRET,
                "PRESENCE_GRACE_MS", "200",
                "SOCKET_DRAIN_MS", "0"));
        variables.putAll(settings);
        app = startApp();
    }

    private SocketApp startApp() throws IOException {
        return startApp(database.database());
    }

    private SocketApp startApp(Database store) throws IOException {
        return SocketApp.start(SocketConfig.fromEnvironment(variables), store, verifier.apply(tokens), pushes);
    }

    /** Stops and starts the server, on the same port. */
    void restart() throws IOException {
        restart(() -> {});
    }

    /** The same, with something that happens while there is none. */
    void restart(Runnable meanwhile) throws IOException {
        variables.put("SOCKET_PORT", Integer.toString(port()));
        app.close();
        meanwhile.run();
        app = startApp();
    }

    /** Stops the server, and starts it with other connections to its database; for a test that connects no client before. */
    void restartWith(Database store) throws IOException {
        app.close();
        app = startApp(store);
    }

    /** A second server on the same database; the caller closes it. */
    SocketApp another() throws IOException {
        return startApp();
    }

    /** Until somebody waits for a row that is locked. */
    void awaitLockedOut() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (database.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .equals("0")) {
            assertThat(System.nanoTime()).as("somebody waits").isLessThan(end);
        }
    }

    /** A connected client of a second server. */
    TestClient connectTo(SocketApp other, String user) {
        TestClient client = clientOf(other, user);
        client.connect();
        return client;
    }

    /** A client of a second server that did not connect yet. */
    TestClient clientOf(SocketApp other, String user) {
        TestClient client = new TestClient(other.port(), false, tokens.issue(user), "websocket");
        clients.add(client);
        return client;
    }

    static TestServer start() throws IOException {
        return start(Map.of());
    }

    static TestServer start(Map<String, String> settings) throws IOException {
        return start(settings, tokens -> tokens);
    }

    /** A server whose tokens are verified by something around {@link #tokens}. */
    static TestServer start(Map<String, String> settings, UnaryOperator<TokenAuthority> verifier) throws IOException {
        return new TestServer(settings, verifier, Optional.empty());
    }

    /** A server that pushes to these phones. */
    static TestServer pushing(Map<String, String> settings, PushClient phones) throws IOException {
        return new TestServer(settings, tokens -> tokens, Optional.of(phones));
    }

    SocketApp app() {
        return app;
    }

    int port() {
        return app.port();
    }

    int internalPort() {
        return app.internalPort();
    }

    /** A connected client of this user, over a websocket. */
    TestClient connect(String user) {
        return connect(user, "websocket");
    }

    /** A connected client over these transports, tried in this order. */
    TestClient connect(String user, String... transports) {
        TestClient client = client(tokens.issue(user), transports);
        client.connect();
        return client;
    }

    /**
     * As above, for a server that gives clients little time to connect, which the first one of a JVM may need more than: tries
     * until it is in. It does not come back later.
     */
    TestClient connectInSomeAttempt(String user, String... transports) {
        TestClient client = returningClient(tokens.issue(user), transports);
        client.connect();
        client.stayAwayOnceGone();
        return client;
    }

    /** A client that did not connect yet, and once it has, comes back by itself. */
    TestClient returningClient(String token, String... transports) {
        return client(true, token, transports);
    }

    /** A client that did not connect yet. */
    TestClient client(@Nullable String token, String... transports) {
        return client(false, token, transports);
    }

    private TestClient client(boolean returning, @Nullable String token, String... transports) {
        TestClient client = new TestClient(port(), returning, token, transports);
        clients.add(client);
        return client;
    }

    /** A thread among these users, the first of whom creates it. */
    ThreadId thread(String... users) {
        List<UserId> members = List.of(users).stream().map(database::user).toList();
        return database.database()
                .threads()
                .create(members.getFirst(), new CreateThread(members.subList(1, members.size()), null))
                .thread()
                .id();
    }

    /** Where a user's {@code sync} would go on from now. */
    String cursor(String user) {
        return database.database()
                .threads()
                .list(new UserId(user), new ListThreads(null, null))
                .cursor()
                .value();
    }

    /** What the REST side tells the hook of a stored message. */
    String notice(Message message) {
        long transaction = Long.parseLong(database.ask(
                "SELECT changed FROM message WHERE id = '" + message.id().value() + "'"));
        List<UserId> members = database.database().threads().members(message.senderId(), message.threadId());
        return new Delivery(members, Change.of(new NewMessage(message), transaction)).toJson();
    }

    /** A call of the hook that tells nobody of anything. */
    String readByNobody() {
        MessageRead read =
                new MessageRead(new MessageId("none"), new ThreadId("none"), new UserId("nobody"), Instant.EPOCH, 1);
        return new Delivery(List.of(), Change.of(read, transaction())).toJson();
    }

    /** The id of a transaction of its own, which has committed. */
    long transaction() {
        return Long.parseLong(database.ask("SELECT pg_current_xact_id()"));
    }

    /** Calls the internal hook as the REST side does, and expects it to be taken. */
    void notifyHook(String body) {
        String signature = new HookSignature(List.of(HOOK_SECRET), Clock.systemUTC()).sign(body);
        assertThat(notifyHook(body, signature)).isEqualTo(204);
    }

    /** Calls the internal hook with any signature; the status it answers. */
    int notifyHook(String body, String signature) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + internalPort() + "/internal/notify"))
                .header(HookSignature.HEADER, signature)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code GET} answers on the socket port; headers as names and values. */
    HttpResponse<String> get(String path, String... headers) {
        return get(port(), path, headers);
    }

    /** The meters as Prometheus reads them. */
    String metrics() {
        return internal("/metrics");
    }

    /** What {@code GET} answers on the internal port. */
    String internal(String path) {
        return get(internalPort(), path).body();
    }

    /** Waits until a meter stands at this. */
    void awaitMeter(String line) {
        await().pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(metrics().lines()).contains(line));
    }

    private static HttpResponse<String> get(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        try {
            return HTTP.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean running() {
        return !stopped;
    }

    /** Stops the server as SIGTERM does; once. */
    void stop() {
        if (!stopped) {
            stopped = true;
            app.close();
        }
    }

    @Override
    public void close() {
        clients.forEach(TestClient::close);
        stop();
        database.close();
    }
}
