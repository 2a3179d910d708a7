package com.cove.auth;

import com.cove.model.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Google's server of public keys, on the loopback network. */
final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Map<String, String> headers =
            Map.of("Cache-Control", "public, max-age=3600, must-revalidate, no-transform");
    private volatile Answer answer = new Answer(200, new byte[0]);

    KeyServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** One that has this key, under the id {@code key-1}. */
    static KeyServer of(SigningKey key) {
        KeyServer server = new KeyServer();
        server.publish(Map.of("key-1", key.pem()));
        return server;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    }

    /** From now on these, by id: certificates. */
    void publish(Map<String, String> keys) {
        answer(200, new String(Json.bytes(keys), StandardCharsets.UTF_8));
    }

    void answer(int status, String body) {
        answer = new Answer(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** From now on there is no answer at all. */
    void beSilent() {
        answer = new Answer(0, new byte[0]);
    }

    void headers(Map<String, String> sent) {
        headers = sent;
    }

    int fetches() {
        return fetches.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        Answer now = answer;
        try (exchange) {
            if (now.status == 0) {
                new CountDownLatch(1).await();
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(now.status, now.body.length == 0 ? -1 : now.body.length);
            exchange.getResponseBody().write(now.body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int status, byte[] body) {}
}
