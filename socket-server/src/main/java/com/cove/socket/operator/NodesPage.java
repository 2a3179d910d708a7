package com.cove.socket.operator;

import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * {@code GET /nodes}: {@code {others: "known"|"unknown"|"none", silent, nodes: [NodeSummary…]}}, this node's with {@code "self": true}.
 * Where the others are {@code unknown}, Redis is away; where there are {@code none}, no Redis is to be, and whoever else there is
 * cannot be known. {@code silent} nodes ended without saying so, or are cut off from Redis. For browsers the same path is a page that
 * shows it, and so is {@code /nodes.html}.
 */
public final class NodesPage implements HttpHandler {
    private static final String JSON = "/nodes";
    private static final String HTML = "/nodes.html";
    private static final BinaryOperator<ObjectNode> NEWER =
            BinaryOperator.maxBy(Comparator.comparing(node -> node.path("at").asText()));

    private final ThisNode self;
    private final Optional<Supplier<Optional<Map<String, Optional<String>>>>> others;

    /**
     * @param others what each node says of itself, by address; its answer is empty where nobody can know, and it is empty itself where
     *     nodes do not tell each other
     */
    public NodesPage(ThisNode self, Optional<Supplier<Optional<Map<String, Optional<String>>>>> others) {
        this.self = self;
        this.others = others;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!path.equals(JSON) && !path.equals(HTML)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else if (path.equals(HTML) || isBrowser(exchange)) {
                answer(exchange, "text/html; charset=utf-8", Page.BYTES);
            } else {
                answer(exchange, "application/json", Json.bytes(nodes()));
            }
        }
    }

    private static boolean isBrowser(HttpExchange exchange) {
        return exchange.getRequestHeaders().getOrDefault("Accept", List.of()).stream()
                .anyMatch(types -> types.contains("text/html"));
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Content-Security-Policy", Page.POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        headers.set("Vary", "Accept");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private ObjectNode nodes() {
        Optional<Map<String, Optional<String>>> said = others.flatMap(Supplier::get);
        Map<String, ObjectNode> byId = new HashMap<>();
        int silent = 0;
        for (Optional<String> summary : said.orElse(Map.of()).values()) {
            if (summary.isEmpty()) {
                silent++;
            }
            // A node that had to connect anew is there twice for some seconds.
            summary.flatMap(NodesPage::read)
                    .ifPresent(node -> byId.merge(node.path("id").asText(), node, NEWER));
        }
        ObjectNode own = Json.tree(self.asked()).put("self", true);
        byId.put(own.path("id").asText(), own);
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("others", others.isEmpty() ? "none" : said.isEmpty() ? "unknown" : "known")
                .put("silent", silent);
        ArrayNode nodes = answer.putArray("nodes");
        byId.values().stream()
                .sorted(Comparator.comparing(
                                (ObjectNode node) -> node.path("name").asText())
                        .thenComparing(node -> node.path("startedAt").asText()))
                .forEach(nodes::add);
        return answer;
    }

    /** What another node, perhaps of another version, said; empty where it is nothing that can be shown. */
    private static Optional<ObjectNode> read(String summary) {
        try {
            JsonNode node = Json.parse(summary);
            return node instanceof ObjectNode known && known.path("id").isTextual()
                    ? Optional.of(known)
                    : Optional.empty();
        } catch (AppException e) {
            return Optional.empty();
        }
    }

    /** For browsers. Read when the first one asks, and not at every start. */
    private static final class Page {
        static final byte[] BYTES = read();
        /** Nothing from elsewhere, and of what is in the page only what we wrote. */
        static final String POLICY = "default-src 'none'; connect-src 'self'; script-src " + hash("script")
                + "; style-src " + hash("style") + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

        private static byte[] read() {
            try (InputStream file = NodesPage.class.getResourceAsStream("nodes.html")) {
                if (file == null) {
                    throw new IllegalStateException("nodes.html is not on the class path");
                }
                return file.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Of what is between the tags, as a policy names it. */
        private static String hash(String tag) {
            String page = new String(BYTES, StandardCharsets.UTF_8);
            String open = "<" + tag + ">";
            String content = page.substring(page.indexOf(open) + open.length(), page.indexOf("</" + tag + ">"));
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
                return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
