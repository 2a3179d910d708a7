package com.cove.socket;

import com.cove.auth.FakeTokens;
import com.cove.db.TestDatabase;
import com.cove.model.config.Environment;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A running socket server on free ports, with its own database, fake tokens, and clients that are closed with it. */
final class TestServer implements AutoCloseable {
    static final String HOOK_SECRET = "a hook secret for tests";

    final TestDatabase database = TestDatabase.create();
    final FakeTokens tokens = new FakeTokens();
    private final SocketApp app;
    private final List<TestClient> clients = new ArrayList<>();

    private TestServer(Map<String, String> settings) throws IOException {
        Map<String, String> variables = new HashMap<>(Map.of(
                "SOCKET_PORT", "0", "INTERNAL_PORT", "0", "HOOK_SECRET", HOOK_SECRET, "PRESENCE_GRACE_MS", "200"));
        variables.putAll(settings);
        Environment env = new Environment(variables);
        SocketConfig config = SocketConfig.from(env);
        env.check();
        app = SocketApp.start(config, database.database(), tokens);
    }

    static TestServer start() throws IOException {
        return start(Map.of());
    }

    static TestServer start(Map<String, String> settings) throws IOException {
        return new TestServer(settings);
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

    /** A client that did not connect yet. */
    TestClient client(@Nullable String token, String... transports) {
        TestClient client = new TestClient(port(), token, transports);
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

    @Override
    public void close() {
        clients.forEach(TestClient::close);
        app.close();
        database.close();
    }
}
