package com.cove.model.aws;

import com.cove.model.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * The way of the AWS SDK of this JVM to {@link Moto}, for as long as it is open, which can do what moto cannot: say nothing, be
 * cut, refuse, and talk nonsense. It counts who comes by.
 */
public final class Line implements AutoCloseable {
    private static final String ENDPOINT = "aws.endpointUrlSecretsManager";
    private static final Map<String, String> SETTINGS =
            Map.of("aws.accessKeyId", "a-key", "aws.secretAccessKey", "a-secret");

    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Optional<Answer> instead = Optional.empty();
    private volatile CountDownLatch open = new CountDownLatch(0);

    private record Answer(int status, String type, String body) {}

    private Line() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::pass);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public static Line open() throws IOException {
        Line line = new Line();
        SETTINGS.forEach(System::setProperty);
        System.setProperty(ENDPOINT, line.address());
        return line;
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked, in order: {@code GetSecretValue}, and the region in which. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** From now on each answer is this error of AWS's. */
    public void refuse(int status, String code) {
        instead = Optional.of(new Answer(
                status,
                "application/x-amz-json-1.1",
                Json.text(Map.of("__type", code, "Message", "what AWS says about hunter2"))));
    }

    /** From now on each answer is this. */
    public void answer(String body) {
        instead = Optional.of(new Answer(200, "text/html", body));
    }

    /** From now on there is no answer. */
    public void fallSilent() {
        open = new CountDownLatch(1);
    }

    /** From now on all is as moto has it. */
    public void heal() {
        instead = Optional.empty();
        open.countDown();
    }

    @Override
    public void close() {
        open.countDown();
        server.stop(0);
        SETTINGS.keySet().forEach(System::clearProperty);
        System.clearProperty(ENDPOINT);
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readAllBytes();
            String action = header(exchange, "X-Amz-Target");
            String credential = header(exchange, "Authorization");
            calls.add(
                    action.substring(action.indexOf('.') + 1) + " " + credential.split("/", -1)[2]);
            open.await();
            Answer answer = instead.orElseGet(() -> ofMoto(action, credential, request));
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer ofMoto(String action, String credential, byte[] request) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + Moto.shared().port() + "/"))
                            .header("X-Amz-Target", action)
                            .header("Authorization", credential)
                            .header("Content-Type", "application/x-amz-json-1.1")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), "application/x-amz-json-1.1", answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }
}
