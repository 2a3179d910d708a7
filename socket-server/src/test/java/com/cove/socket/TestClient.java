package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** io.socket's Java client, keeping what it receives in order. */
final class TestClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    /** An event with its payload. */
    record Received(String event, JsonNode payload) {}

    private final Socket socket;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** @param returning whether it connects again by itself */
    TestClient(int port, boolean returning, @Nullable String token, String... transports) {
        IO.Options options = IO.Options.builder()
                .setForceNew(true)
                .setReconnection(returning)
                .setReconnectionDelay(100)
                .setTransports(transports)
                .setAuth(token == null ? Map.of() : Map.of("token", token))
                .build();
        socket = IO.socket(URI.create("http://127.0.0.1:" + port), options);
        for (String event : new String[] {
            "connect",
            "connect_error",
            "disconnect",
            "new_message",
            "user_typing",
            "message_read",
            "user_online",
            "thread_created",
            "error"
        }) {
            socket.on(event, arguments -> received.add(new Received(event, payload(arguments))));
        }
    }

    /** Connects and waits until that succeeded. */
    void connect() {
        open();
        await("connect");
    }

    /** From now on it does not connect again by itself. */
    void stayAwayOnceGone() {
        socket.io().reconnection(false);
    }

    /** Connects, whatever comes of it. */
    void open() {
        socket.connect();
    }

    String id() {
        return socket.id();
    }

    /** Sends an event with any payload – text that is JSON, or null for none – and waits for its acknowledgement. */
    JsonNode emit(String event, @Nullable Object payload) {
        return ask(event, payload).orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** The same without waiting. */
    CompletableFuture<JsonNode> ask(String event, @Nullable Object payload) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        Ack ack = arguments -> answer.complete(payload(arguments));
        if (payload == null) {
            socket.emit(event, ack);
        } else {
            socket.emit(event, payload, ack);
        }
        return answer;
    }

    /** The acknowledgement, which must say {@code ok: true}. */
    JsonNode ok(String event, Map<String, ?> payload) {
        JsonNode answer = emit(event, json(payload));
        assertThat(answer.path("ok").asBoolean()).as("%s: %s", event, answer).isTrue();
        return answer;
    }

    /** The error of an acknowledgement, which must say {@code ok: false}. */
    JsonNode error(String event, Map<String, ?> payload) {
        JsonNode answer = emit(event, json(payload));
        assertThat(answer.path("ok").asBoolean(true))
                .as("%s: %s", event, answer)
                .isFalse();
        return answer.get("error");
    }

    /** Sends a message and answers it as acknowledged. */
    JsonNode send(ThreadId thread, String content) {
        return ok("send_message", Map.of("threadId", thread.value(), "content", content))
                .get("message");
    }

    /** Sends an event without asking for an acknowledgement. */
    void emitOnly(String event, Object payload) {
        socket.emit(event, payload);
    }

    /** The next event of this name; others before it are skipped. */
    JsonNode await(String event) {
        while (true) {
            Received next = next();
            if (next.event.equals(event)) {
                return next.payload;
            }
        }
    }

    /** The name of the next event that is one of these; others before it are skipped. */
    String awaitAny(String... events) {
        while (true) {
            Received next = next();
            if (List.of(events).contains(next.event)) {
                return next.event;
            }
        }
    }

    /** The next event, which must be this one. */
    JsonNode expect(String event) {
        Received next = next();
        assertThat(next.event).as("event with payload %s", next.payload).isEqualTo(event);
        return next.payload;
    }

    private Received next() {
        try {
            Received next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("an event within %s s", PATIENCE_SECONDS).isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What came and was not asked for yet. */
    BlockingQueue<Received> received() {
        return received;
    }

    static JSONObject json(Map<String, ?> fields) {
        return new JSONObject(fields);
    }

    private static JsonNode payload(Object... arguments) {
        return arguments.length == 0 ? NullNode.instance : parsed(arguments[0]);
    }

    private static JsonNode parsed(@Nullable Object argument) {
        return switch (argument) {
            case JSONObject object -> Json.parse(object.toString());
            case JSONArray array -> Json.parse(array.toString());
            case null -> NullNode.instance;
            case Exception e -> TextNode.valueOf(e.getMessage());
            default -> TextNode.valueOf(argument.toString());
        };
    }

    @Override
    public void close() {
        socket.disconnect();
        socket.close();
    }
}
