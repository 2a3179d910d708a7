package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** A websocket that says exactly what a test wants, with no Socket.IO client to correct it; it answers pings, unless told not to. */
final class RawSocket extends WebSocketListener implements AutoCloseable {
    static final String CLOSED = "closed";
    private static final OkHttpClient HTTP = new OkHttpClient();
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private final boolean answering;
    private int acknowledgements;

    private RawSocket(int port, String query, boolean answering) {
        this.answering = answering;
        String url = "http://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket" + query;
        socket = HTTP.newWebSocket(new Request.Builder().url(url).build(), this);
    }

    /** An Engine.IO session; its open packet is read already. */
    static RawSocket open(int port) {
        return open(port, "");
    }

    static RawSocket open(int port, String query) {
        return open(port, query, true);
    }

    private static RawSocket open(int port, String query, boolean answering) {
        RawSocket socket = new RawSocket(port, query, answering);
        assertThat(socket.next()).startsWith("0{");
        return socket;
    }

    /** A verified connection; the reply to its CONNECT is read already. */
    static RawSocket connect(int port, String token) {
        return open(port, "").connect(token);
    }

    private RawSocket connect(String token) {
        send("40{\"token\":\"" + token + "\"}");
        assertThat(next()).startsWith("40{\"sid\":");
        return this;
    }

    /** A verified connection that leaves pings to the test, as the frame {@code 2}. */
    static RawSocket connectSilent(int port, String token) {
        return open(port, "", false).connect(token);
    }

    /** As below, for a server that may have closed already. */
    void trySend(String frame) {
        socket.send(frame);
    }

    void send(String frame) {
        assertThat(socket.send(frame)).as("the socket takes another frame").isTrue();
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

    /** The next frame, or {@link #CLOSED}. */
    String next() {
        try {
            String frame = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(frame).as("a frame within %s s", PATIENCE_SECONDS).isNotNull();
            return frame;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads on until the server has closed. */
    void awaitClosed() {
        restUntilClosed();
    }

    /** What still came until the server closed. */
    List<String> restUntilClosed() {
        List<String> rest = new ArrayList<>();
        for (String frame = next(); !frame.equals(CLOSED); frame = next()) {
            rest.add(frame);
        }
        return rest;
    }

    /** True once the server has closed, whatever is not read yet. */
    boolean isClosed() {
        return received.contains(CLOSED);
    }

    @Override
    public void onMessage(WebSocket webSocket, String frame) {
        if (frame.equals("2") && answering) {
            webSocket.send("3");
        } else {
            received.add(frame);
        }
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        received.add(CLOSED);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable failure, @Nullable Response response) {
        received.add(CLOSED);
    }

    @Override
    public void close() {
        socket.cancel();
    }
}
