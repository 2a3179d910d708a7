package com.cove.socket;

import com.cove.auth.FakeTokens;
import com.cove.auth.fcm.PushClient;
import com.cove.auth.fcm.PushResult;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.model.push.Push;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;

/** A socket server as a process that can be killed, which takes its pushes to the test that started it. */
final class PushNode {
    private PushNode() {}

    /**
     * Serves until it is killed.
     *
     * @param arguments the database's URL, and where pushes go
     */
    public static void main(String[] arguments) throws Exception {
        SocketConfig config = SocketConfig.fromEnvironment(Map.of(
                "SOCKET_PORT", "0",
                "INTERNAL_PORT", "0",
                "HOOK_SECRET", TestServer.HOOK_SECRET,
                "REPAIR_INTERVAL_MS", "200",
                "PUSH_GRACE_MS", "500"));
        Database database = Database.open(DatabaseConfig.of(arguments[0]).withPoolSize(5));
        PushClient phones = new Courier(HttpClient.newHttpClient(), arguments[1]);
        try (SocketApp _ = SocketApp.start(config, database, new FakeTokens(), Optional.of(phones))) {
            Thread.currentThread().join();
        }
    }

    /** Announces each push, and then takes it. */
    private record Courier(HttpClient http, String address) implements PushClient {
        @Override
        public PushResult send(String token, Push push) {
            boolean accepted = post("/announced", token) && post("/taken", token);
            return accepted ? new PushResult.Accepted() : new PushResult.Later("LOST", Optional.empty(), false);
        }

        private boolean post(String path, String token) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                    .POST(HttpRequest.BodyPublishers.ofString(token))
                    .build();
            try {
                return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
