package com.cove.local.gateway;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.cove.local.page.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An API Gateway stand-in: turns HTTP requests into the events that AWS sends, calls the real handlers and answers with
 * API Gateway's own errors where there is none. Beside the routes it serves the chat page. A virtual thread a request.
 */
public final class Gateway implements AutoCloseable {
    /** What a Lambda can be sent; API Gateway itself takes 10 MB. */
    private static final int MAX_BODY = 6 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    static {
        // Without it the JDK's server holds small answers back for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Routes routes;
    private final @Nullable Page page;
    private final Clock clock;

    private Gateway(
            HttpServer server, Map<String, ? extends RequestStreamHandler> handlers, @Nullable Page page, Clock clock) {
        this.server = server;
        this.routes = new Routes(handlers);
        this.page = page;
        this.clock = clock;
    }

    /**
     * Listens and answers until closed.
     *
     * @param address port 0 for any
     * @param handlers by route key, such as {@code GET /threads}
     * @param page null for the API alone
     * @throws java.net.BindException if the port is taken
     */
    public static Gateway start(
            InetSocketAddress address,
            Map<String, ? extends RequestStreamHandler> handlers,
            @Nullable Page page,
            Clock clock)
            throws IOException {
        Gateway gateway = new Gateway(HttpServer.create(address, 0), handlers, page, clock);
        gateway.server.setExecutor(gateway.threads);
        gateway.server.createContext("/", gateway::exchange);
        gateway.server.start();
        return gateway;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Requests under way are cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void exchange(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            send(
                    exchange,
                    body.length > MAX_BODY
                            ? HttpAnswer.error(413, "Request Entity Too Large")
                            : answer(exchange, body));
        }
    }

    private HttpAnswer answer(HttpExchange exchange, byte[] body) {
        HttpRequest request = request(exchange, body);
        if (Cors.isPreflight(request)) {
            return Cors.preflight();
        }
        Map<String, String> added = Cors.headers(request);
        try {
            return routes.answer(request)
                    .map(answer -> answer.with(Map.of("apigw-requestid", request.requestId())))
                    .or(() -> file(request))
                    .orElseGet(() -> HttpAnswer.error(404, "Not Found"))
                    .with(added);
        } catch (RuntimeException e) {
            LOG.error("The handler of {} {} failed", request.method(), request.rawPath(), e);
            return HttpAnswer.error(500, "Internal Server Error").with(added);
        }
    }

    private Optional<HttpAnswer> file(HttpRequest request) {
        if (page == null || !List.of("GET", "HEAD").contains(request.method())) {
            return Optional.empty();
        }
        return page.file(request.rawPath(), GatewayEvent.query(request.rawQuery()))
                .map(file -> new HttpAnswer(200, Map.of(), file.content()).with(file.headers()));
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        Map<String, List<String>> headers = exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
        String query = exchange.getRequestURI().getRawQuery();
        return new HttpRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                exchange.getProtocol(),
                headers,
                body,
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                port(),
                UUID.randomUUID().toString(),
                clock.instant());
    }

    private static void send(HttpExchange exchange, HttpAnswer answer) throws IOException {
        answer.headers().forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        boolean empty = answer.body().length == 0 || head;
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
        if (!empty) {
            exchange.getResponseBody().write(answer.body());
        }
    }
}
