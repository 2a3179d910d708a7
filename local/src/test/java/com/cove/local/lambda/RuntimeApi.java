package com.cove.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lambda's Runtime API (2018-06-01), for what the emulator of SAM CLI does not do: snapshots, and showing the errors of a
 * start as they are reported.
 */
final class RuntimeApi implements AutoCloseable {
    private static final String PREFIX = "/2018-06-01/runtime/";
    private static final int PATIENCE_SECONDS = 60;

    /** What the runtime reported of an invocation: the handler's answer, or an error. */
    record Report(boolean error, String json) {}

    private record Invocation(String id, String event) {}

    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Report>> running = new ConcurrentHashMap<>();
    private final CompletableFuture<String> initError = new CompletableFuture<>();
    private final CompletableFuture<Void> snapshot = new CompletableFuture<>();
    private final CompletableFuture<Void> restored = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    RuntimeApi() throws IOException {
        server.createContext(PREFIX, this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** Starts a function that asks here for its invocations. */
    FunctionProcess start(Function function) throws IOException {
        return function.start(
                java.util.List.of(),
                Map.of(
                        "AWS_LAMBDA_RUNTIME_API",
                        "127.0.0.1:" + server.getAddress().getPort()));
    }

    /** Invokes the function, and waits for it to start where it has not. */
    Report invoke(String event) throws Exception {
        Invocation invocation = new Invocation(UUID.randomUUID().toString(), event);
        CompletableFuture<Report> report = new CompletableFuture<>();
        running.put(invocation.id, report);
        waiting.add(invocation);
        return of(report);
    }

    /** The error that ended its start. */
    String initError() throws Exception {
        return of(initError);
    }

    /** Waits until the function is ready for a snapshot: its hooks have run. */
    void awaitSnapshot() throws Exception {
        of(snapshot);
    }

    /** From here on it is a copy, restored from the snapshot. */
    void restore() {
        restored.complete(null);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static <T> T of(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String text = new String(body, StandardCharsets.UTF_8);
            String[] path = exchange.getRequestURI()
                    .getPath()
                    .substring(PREFIX.length())
                    .split("/", -1);
            switch (String.join("/", path[0], path[path.length - 1])) {
                case "invocation/next" -> next(exchange);
                case "invocation/response" -> report(exchange, path[1], new Report(false, text));
                case "invocation/error" -> report(exchange, path[1], new Report(true, text));
                case "init/error" -> {
                    initError.complete(text);
                    accepted(exchange);
                }
                case "restore/next" -> {
                    snapshot.complete(null);
                    restored.join();
                    exchange.sendResponseHeaders(200, -1);
                }
                case "restore/error" -> {
                    snapshot.completeExceptionally(new IllegalStateException(text));
                    accepted(exchange);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void next(HttpExchange exchange) throws IOException {
        try {
            Invocation invocation = waiting.take();
            exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id);
            exchange.getResponseHeaders()
                    .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 15_000));
            exchange.getResponseHeaders()
                    .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:f");
            exchange.getResponseHeaders()
                    .set("Lambda-Runtime-Trace-Id", "Root=1-6922d5a2-0123456789abcdef01234567;Sampled=0");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] event = invocation.event.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, event.length);
            exchange.getResponseBody().write(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(HttpExchange exchange, String id, Report report) throws IOException {
        CompletableFuture<Report> invocation = running.remove(id);
        if (invocation != null) {
            invocation.complete(report);
        }
        accepted(exchange);
    }

    private static void accepted(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(202, -1);
    }
}
