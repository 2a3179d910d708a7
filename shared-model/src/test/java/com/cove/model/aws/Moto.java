package com.cove.model.aws;

import com.cove.model.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * moto's server, which speaks Secrets Manager's protocol: one for the JVM, on a free port. It ends with the JVM, also when
 * that is killed: a shell in between notices that its standard input has closed.
 */
public final class Moto {
    private static final String ACCOUNT = "123456789012";
    private static final Pattern LISTENS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
    private static final Moto SHARED = start();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    private Moto(int port) {
        this.port = port;
    }

    /** The one of this JVM, started with the first call. */
    public static Moto shared() {
        return SHARED;
    }

    public int port() {
        return port;
    }

    /** An ARN that no secret has. */
    public static String arnOf(String region, String name) {
        return "arn:aws:secretsmanager:" + region + ":" + ACCOUNT + ":secret:" + name + "-AbCdEf";
    }

    /** Makes a secret of a name of its own; returns its ARN. */
    public String create(String region, String text) {
        return text(
                call(region, "CreateSecret", Map.of("Name", "test-" + UUID.randomUUID(), "SecretString", text)), "ARN");
    }

    /** Makes a secret that holds bytes. */
    public String createBinary(String region, String base64) {
        return text(
                call(region, "CreateSecret", Map.of("Name", "test-" + UUID.randomUUID(), "SecretBinary", base64)),
                "ARN");
    }

    /** Gives it another value, as the last step of a rotation does. */
    public void put(String region, String arn, String text) {
        call(region, "PutSecretValue", Map.of("SecretId", arn, "SecretString", text));
    }

    /** From now on its value cannot be had, until {@link #restore}. */
    public void delete(String region, String arn) {
        call(region, "DeleteSecret", Map.of("SecretId", arn));
    }

    public void restore(String region, String arn) {
        call(region, "RestoreSecret", Map.of("SecretId", arn));
    }

    private String call(String region, String action, Map<String, String> parameters) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("X-Amz-Target", "secretsmanager." + action)
                .header("Content-Type", "application/x-amz-json-1.1")
                // moto reads the region out of it and checks nothing.
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/" + region
                                + "/secretsmanager/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString(Json.text(new HashMap<>(parameters))))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(action + " answered " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(String json, String field) {
        return Json.parse(json).get(field).asText();
    }

    private static Moto start() {
        try {
            // The pipe of standard input is the JVM's: when it goes, for whatever reason, cat ends and so does moto.
            ProcessBuilder shell = new ProcessBuilder(
                    "bash",
                    "-c",
                    "tools=$(bin/aws-tool --path) || exit; \"$tools/bin/moto_server\" -H 127.0.0.1 -p 0 < /dev/null &"
                            + " moto=$!; cat > /dev/null; kill \"$moto\"");
            // Otherwise its port stays in a buffer.
            shell.environment().put("PYTHONUNBUFFERED", "1");
            Process process = shell.directory(project().toFile())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
            return new Moto(port(said));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(BufferedReader said) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                // Its log of requests goes on; nobody may be held up by a full pipe.
                Thread.ofVirtual().start(() -> drain(said));
                return Integer.parseInt(listens.group(1));
            }
        }
        throw new IllegalStateException("moto_server did not start: " + all);
    }

    private static void drain(BufferedReader said) {
        try {
            while (said.readLine() != null) {
                // not of interest
            }
        } catch (IOException e) {
            // it ended
        }
    }

    /** Tests run in the folder of their module. */
    private static Path project() {
        return Files.exists(Path.of("bin/aws-tool")) ? Path.of(".") : Path.of("..");
    }
}
