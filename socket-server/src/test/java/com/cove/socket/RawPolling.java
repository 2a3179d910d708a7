package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** An Engine.IO session over polling that says exactly what a test wants; it answers no heartbeats. */
final class RawPolling {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI uri;
    private final Queue<String> received = new ArrayDeque<>();

    private RawPolling(URI uri) {
        this.uri = uri;
    }

    static RawPolling open(int port) {
        String handshake = "http://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=polling";
        String open = send(HttpRequest.newBuilder(URI.create(handshake))).body();
        assertThat(open).startsWith("0{");
        String sid = Json.parse(open.substring(1)).get("sid").asText();
        return new RawPolling(URI.create(handshake + "&sid=" + sid));
    }

    /** A verified connection; the reply to its CONNECT is read already. */
    static RawPolling connect(int port, String token) {
        RawPolling socket = open(port);
        socket.send("40{\"token\":\"" + token + "\"}");
        assertThat(socket.next()).startsWith("40{\"sid\":");
        return socket;
    }

    void send(String packet) {
        assertThat(post(packet)).isEqualTo(200);
    }

    /** The status of the answer to a packet. */
    int post(String packet) {
        return send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(packet)))
                .statusCode();
    }

    /** The next packet, polled for if none waits; {@link RawSocket#CLOSED} once the session is over. */
    String next() {
        while (received.isEmpty()) {
            HttpResponse<String> poll = send(HttpRequest.newBuilder(uri));
            received.addAll(poll.statusCode() == 200 ? List.of(poll.body().split("\u001e", -1)) : List.of("1"));
        }
        String packet = received.remove();
        return packet.equals("1") ? RawSocket.CLOSED : packet;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
