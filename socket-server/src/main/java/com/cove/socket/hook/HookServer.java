package com.cove.socket.hook;

import com.cove.model.error.AppException;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.socket.fanout.Fanout;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The internal port. {@code POST /internal/notify} takes a {@link Delivery}, signed as {@link HookSignature} says, and
 * answers 204 once it is handed to the connections here; 401 for a bad signature, 400 for a bad body. Binds to a private
 * address only.
 */
public final class HookServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HookServer.class);
    /** Above the largest delivery there is: a new thread of 256 members with the longest picture addresses, all escaped. */
    private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

    private final HttpServer server;
    private final HookSignature signature;
    private final Fanout fanout;

    private HookServer(HttpServer server, HookSignature signature, Fanout fanout) {
        this.server = server;
        this.signature = signature;
        this.fanout = fanout;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the port cannot be had
     */
    public static HookServer start(InetSocketAddress address, HookSignature signature, Fanout fanout, Executor executor)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("internal port " + address.getPort() + " is in use or not allowed", e);
        }
        HookServer hook = new HookServer(server, signature, fanout);
        server.createContext("/internal/notify", hook::answer);
        server.setExecutor(executor);
        server.start();
        return hook;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status(exchange), -1);
        }
    }

    private int status(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return 405;
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            return 413;
        }
        String body = new String(bytes, StandardCharsets.UTF_8);
        Optional<String> header =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst(HookSignature.HEADER));
        if (!header.map(value -> signature.accepts(value, body)).orElse(false)) {
            log.atWarn().log("hook call with a missing or wrong signature");
            return 401;
        }
        return deliver(body);
    }

    private int deliver(String body) {
        try {
            fanout.deliver(Delivery.fromJson(body));
            return 204;
        } catch (AppException e) {
            log.atWarn().addKeyValue("problem", e.safeMessage()).log("hook call that is no delivery");
            return 400;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
