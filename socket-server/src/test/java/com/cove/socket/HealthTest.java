package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.FakeTokens;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.model.json.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code GET /health} on the socket port. */
class HealthTest {
    @Test
    void aServerWithItsDatabaseIsUp() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpResponse<String> answer = server.get("/health");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.parse(answer.body()).path("status").asText()).isEqualTo("up");
            assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aLoadBalancerMayAskWithHeadOverOneConnection() throws Exception {
        try (TestServer server = TestServer.start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            String head = "HEAD /health HTTP/1.1\r\nHost: cove\r\n\r\n";
            socket.getOutputStream().write((head + head).getBytes(StandardCharsets.US_ASCII));

            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(answers.readLine()).isEqualTo("HTTP/1.1 200 OK");
            while (!answers.readLine().isEmpty()) {
                // the other headers
            }
            assertThat(answers.readLine()).as("no body between").isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aServerWithoutItsDatabaseStartsAndSaysThatItIsDown() throws Exception {
        SocketConfig config = SocketConfig.fromEnvironment(
                Map.of("SOCKET_PORT", "0", "INTERNAL_PORT", "0", "HOOK_SECRET", TestServer.HOOK_SECRET));
        DatabaseConfig nowhere = DatabaseConfig.of("postgresql://nobody:secret@127.0.0.1:1/none");
        try (Database database = Database.open(nowhere);
                SocketApp app = SocketApp.start(config, database, new FakeTokens());
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = get(http, app, "/health");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(Json.parse(answer.body()).path("database").asText()).isEqualTo("down");

            HttpResponse<String> live = get(http, app, "/live");
            assertThat(live.statusCode()).as("nobody restarts it for that").isEqualTo(200);
            assertThat(live.body()).isEqualTo("{\"status\":\"up\"}");
        }
    }

    private static HttpResponse<String> get(HttpClient http, SocketApp app, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
