package com.cove.local.lambda;

import com.cove.auth.SigningKey;
import com.cove.model.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Google's server of public keys, and its tokens. A JVM reaches it by an HTTP proxy, and trusts its certificate: production's
 * code and addresses are as they are.
 */
final class GoogleKeys implements AutoCloseable {
    private static final String PATH = "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";

    private final SigningKey key;
    private final AtomicInteger fetches = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpsServer server;
    private final ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    GoogleKeys(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        key = SigningKey.create(folder, "google");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(key.tls()));
        server.createContext(PATH, this::answer);
        server.setExecutor(threads);
        server.start();
        threads.execute(this::accept);
    }

    /** Of a JVM that is to take this for Google. */
    List<String> options() {
        return List.of(
                "-Dhttps.proxyHost=127.0.0.1",
                "-Dhttps.proxyPort=" + proxy.getLocalPort(),
                "-Djavax.net.ssl.trustStore=" + key.file(),
                "-Djavax.net.ssl.trustStorePassword=" + SigningKey.PASSWORD);
    }

    /** A token as Firebase issues it. */
    String token(String projectId, String user) {
        return token(projectId, user, Instant.now());
    }

    /** One that is issued a moment before then. */
    String token(String projectId, String user, Instant then) {
        long now = then.getEpochSecond();
        return key.rs256(Map.of(
                "iss",
                "https://securetoken.google.com/" + projectId,
                "aud",
                projectId,
                "sub",
                user,
                "user_id",
                user,
                "name",
                user,
                "auth_time",
                now - 10,
                "iat",
                now - 10,
                "exp",
                now + 3_600));
    }

    /** How often the keys were asked for. */
    int fetches() {
        return fetches.get();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        byte[] keys = Json.bytes(Map.of("key-1", key.pem()));
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        // Google's is some hours: an hour later they have to be fetched again.
        exchange.getResponseHeaders().set("Cache-Control", "public, max-age=3000, must-revalidate, no-transform");
        exchange.sendResponseHeaders(200, keys.length);
        try (exchange) {
            exchange.getResponseBody().write(keys);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = proxy.accept();
                threads.execute(() -> tunnel(client));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    /** Whatever the name, here is Google. */
    private void tunnel(Socket client) {
        try (client;
                Socket target = new Socket(
                        InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            readHead(client.getInputStream());
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            threads.execute(() -> pass(target, client));
            pass(client, target);
        } catch (IOException e) {
            // one side hung up
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int end = 0;
        for (int c = in.read(); c >= 0 && end < 4; c = end < 4 ? in.read() : c) {
            end = c == "\r\n\r\n".charAt(end) ? end + 1 : c == '\r' ? 1 : 0;
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side hung up: so does the other
        }
    }
}
