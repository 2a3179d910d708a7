package com.cove.socket.push;

import com.cove.db.push.PushRules;
import com.cove.db.push.PushStore;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorBody;
import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.user.UserId;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code GET /pushes?userId=…&messageId=…}: why that person got a push for that message, or none, as a
 * {@link com.cove.db.push.PushExplanation}. Shows no text and no token.
 */
public final class PushesPage implements HttpHandler {
    private final PushStore store;
    private final PushRules rules;
    private final InstantSource clock;

    public PushesPage(PushStore store, PushRules rules, InstantSource clock) {
        this.store = store;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            answer(exchange);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            UserId user = new UserId(query.getOrDefault("userId", ""));
            MessageId message = new MessageId(query.getOrDefault("messageId", ""));
            send(exchange, 200, store.explain(user, message, rules, clock.instant()));
        } catch (AppException e) {
            send(exchange, e.code().httpStatus(), ErrorBody.of(e));
        }
    }

    private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
        byte[] body = Json.bytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : (raw == null ? "" : raw).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length == 1 ? "" : decoded(parts[0], parts[1]));
        }
        return query;
    }

    private static String decoded(String field, String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw AppException.invalid(field, "is not encoded as in a URL");
        }
    }
}
