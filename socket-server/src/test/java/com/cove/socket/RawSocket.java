package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A websocket that says exactly what a test wants, with no client library to correct it. */
final class RawSocket implements WebSocket.Listener, AutoCloseable {
    static final String CLOSED = "closed";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;
    private int acknowledgements;

    private RawSocket(int port, String query) {
        socket = HTTP.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket" + query), this)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** An Engine.IO session; its open packet is read already. */
    static RawSocket open(int port) {
        return open(port, "");
    }

    static RawSocket open(int port, String query) {
        RawSocket socket = new RawSocket(port, query);
        assertThat(socket.next()).startsWith("0{");
        return socket;
    }

    /** A verified connection; the reply to its CONNECT is read already. */
    static RawSocket connect(int port, String token) {
        RawSocket socket = open(port);
        socket.send("40{\"token\":\"" + token + "\"}");
        assertThat(socket.next()).startsWith("40{\"sid\":");
        return socket;
    }

    void send(String frame) {
        socket.sendText(frame, true)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    void send(byte[] frame) {
        socket.sendBinary(ByteBuffer.wrap(frame), true)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Sends an event with these arguments, JSON text, and answers the argument of its acknowledgement. */
    JsonNode emit(String event, String arguments) {
        String id = Integer.toString(++acknowledgements);
        send("42" + id + "[\"" + event + "\"" + (arguments.isEmpty() ? "" : "," + arguments) + "]");
        String prefix = "43" + id + "[";
        while (true) {
            String frame = next();
            assertThat(frame).isNotEqualTo(CLOSED);
            if (frame.startsWith(prefix)) {
                return Json.parse(frame.substring(prefix.length() - 1)).get(0);
            }
        }
    }

    /** The next frame, or {@link #CLOSED}; heartbeats are skipped. */
    String next() {
        try {
            String frame;
            do {
                frame = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(frame).as("a frame within %s s", PATIENCE_SECONDS).isNotNull();
            } while (frame.equals("2"));
            return frame;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads on until the server has closed. */
    void awaitClosed() {
        String frame = next();
        while (!frame.equals(CLOSED)) {
            frame = next();
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            received.add(partial.toString());
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        received.add(CLOSED);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        received.add(CLOSED);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
