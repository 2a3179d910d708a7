package com.cove.local;

import com.cove.db.DatabaseConfig;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Socket servers on the database of a running system, for tests outside of this process: {@code POST /start} with settings
 * starts one and answers its port; the same with {@code SOCKET_PORT} starts it again; {@code POST /stop?port} stops it as
 * SIGTERM does.
 */
final class SocketServers implements AutoCloseable {
    /** Tests do in seconds what users do in an hour, all of them from one address. */
    private static final Map<String, String> GENEROUS = Map.of(
            "SOCKET_EVENTS_PER_SECOND", "10000",
            "SOCKET_EVENT_BURST", "10000",
            "SOCKET_USER_EVENTS_PER_SECOND", "10000",
            "SOCKET_USER_EVENT_BURST", "10000",
            "SOCKET_HANDSHAKES_PER_SECOND", "10000",
            "SOCKET_HANDSHAKE_BURST", "10000");

    private final DatabaseConfig database;
    private final Map<Integer, LocalSystem> running = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer control;

    private SocketServers(DatabaseConfig database, HttpServer control) {
        this.database = database;
        this.control = control;
    }

    static SocketServers start(DatabaseConfig database) throws IOException {
        SocketServers servers = new SocketServers(database, HttpServer.create(Ports.loopback(0), 0));
        servers.control.createContext("/start", exchange -> servers.answer(exchange, servers::start));
        servers.control.createContext("/stop", exchange -> servers.answer(exchange, servers::stop));
        servers.control.setExecutor(servers.executor);
        servers.control.start();
        return servers;
    }

    String url() {
        return "http://127.0.0.1:" + control.getAddress().getPort();
    }

    private interface Command {
        String run(HttpExchange exchange) throws IOException, CannotStart;
    }

    private void answer(HttpExchange exchange, Command command) throws IOException {
        try (exchange) {
            int status = 200;
            String answer;
            try {
                answer = command.run(exchange);
            } catch (CannotStart | RuntimeException e) {
                status = 500;
                answer = e.toString();
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String start(HttpExchange exchange) throws IOException, CannotStart {
        Map<String, String> settings = new HashMap<>(GENEROUS);
        JsonNode given = Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        given.properties()
                .forEach(setting ->
                        settings.put(setting.getKey(), setting.getValue().asText()));
        settings.putIfAbsent("SOCKET_PORT", Integer.toString(TestPorts.free()));
        settings.put("INTERNAL_PORT", "0");
        LocalSystem server = LocalSystem.startSocket(LocalConfig.fromEnvironment(settings), database, step -> {});
        running.put(server.socketPort(), server);
        return Integer.toString(server.socketPort());
    }

    private String stop(HttpExchange exchange) {
        LocalSystem server =
                running.remove(Integer.valueOf(exchange.getRequestURI().getQuery()));
        if (server != null) {
            server.close();
        }
        return "";
    }

    @Override
    public void close() {
        control.stop(0);
        executor.close();
        running.values().forEach(LocalSystem::close);
    }
}
