package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.DatabaseConfig;
import com.cove.db.Migrations;
import com.cove.db.Relay;
import com.cove.db.Schemas;
import com.cove.db.TestDatabase;
import com.cove.db.schema.SchemaGate;
import com.cove.model.aws.Line;
import com.cove.model.aws.Moto;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The program as it is started in production, in a process of its own. */
class SocketMainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Everything at once, each problem one line, and nothing was opened by then: not even the class of what listens is loaded. */
    @Test
    void aWrongEnvironmentIsToldAsAWholeBeforeAnyPortOpens() throws Exception {
        Map<String, String> variables = new HashMap<>();
        variables.put("SOCKET_PORT", "3001");
        variables.put("INTERNAL_PORT", "3001");
        variables.put("SOCKET_HOST", "192.0.2.1");
        variables.put("INTERNAL_HOST", "no.such.host.invalid");
        variables.put("SOCKET_PING_INTERVAL_MS", "x");
        variables.put("SOCKET_MAX_EVENT_BYTES", "1000000");
        variables.put("SOCKET_MAX_PAYLOAD_BYTES", "500000");
        variables.put("HOOK_SECRET", "hunter2");
        variables.put("TOKEN_REVOCATION_CHECK_MS", "5");
        variables.put("REDIS_URL", "http://hunter2@redis");
        variables.put("PUSH_GRACE_MS", "600000");
        variables.put("PUSH_STALE_MS", "600000");
        variables.put("PUSH_CONTENT", "loud");
        variables.put("DATABASE_URL", "postgresql://cove:hunter2@db.example.com/cove?sslmode=disable");
        variables.put("RDS_ENDPOINT", "elsewhere.example.com");
        variables.put("RDS_MASTER_SECRET_ARN", "{\"password\": \"hunter2\"}");
        variables.put("FIREBASE_AUTH_EMULATOR_HOST", "localhost:9099");
        variables.put("firebaseSDK", "cove/firebase");
        variables.put("USER_IMAGE_BUCKET_URL", "pictures");
        variables.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:stdout:none");

        Process program = start(variables, ProcessBuilder.Redirect.PIPE);
        CompletableFuture<List<String>> loaded = CompletableFuture.supplyAsync(
                () -> program.inputReader(StandardCharsets.UTF_8).lines().toList());
        List<String> said = program.errorReader(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
                .toList();

        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(1);
        assertThat(said.stream().map(line -> line.replaceFirst(" .*", "")))
                .containsExactlyInAnyOrder(
                        "INTERNAL_PORT",
                        "SOCKET_HOST",
                        "INTERNAL_HOST",
                        "SOCKET_PING_INTERVAL_MS",
                        "SOCKET_MAX_EVENT_BYTES",
                        "HOOK_SECRET",
                        "TOKEN_REVOCATION_CHECK_MS",
                        "REDIS_URL",
                        "PUSH_STALE_MS",
                        "PUSH_CONTENT",
                        "DATABASE_URL",
                        "RDS_ENDPOINT",
                        "RDS_MASTER_SECRET_ARN",
                        "FIREBASE_PROJECT_ID",
                        "FIREBASE_AUTH_EMULATOR_HOST",
                        "USER_IMAGE_BUCKET_URL",
                        "firebaseSDK");
        assertThat(String.join("\n", said)).doesNotContain("Exception", "hunter");
        assertThat(loaded.get(30, TimeUnit.SECONDS)).isNotEmpty().noneMatch(SocketMainTest::listens);
    }

    /** The other way round: a program that starts has loaded it. */
    private static boolean listens(String loaded) {
        return loaded.contains(" sun.nio.ch.ServerSocketChannelImpl ") || loaded.contains(" java.net.ServerSocket ");
    }

    /** Without AWS_REGION: where to ask is in the ARN. */
    @Test
    void withoutSecretsManagerItStartsSaysSoAndWorksOnceItIsBack() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Line aws = Line.open();
                HttpClient http = HttpClient.newHttpClient()) {
            String arn =
                    Moto.shared().create("eu-central-1", "{\"username\": \"postgres\", \"password\": \"hunter2\"}");
            aws.fallSilent();
            Process program = start(
                    Map.of(
                            "SOCKET_PORT", "0",
                            "INTERNAL_PORT", "0",
                            "HOOK_SECRET", "sixteen characters",
                            "FIREBASE_PROJECT_ID", "test",
                            "PUSH", "false",
                            "DATABASE_URL", database.url(),
                            "RDS_MASTER_SECRET_ARN", arn,
                            "AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.address(),
                            "AWS_ACCESS_KEY_ID", "a-key",
                            "AWS_SECRET_ACCESS_KEY", "a-secret"),
                    ProcessBuilder.Redirect.PIPE);
            List<String> said = new CopyOnWriteArrayList<>();
            Thread.ofVirtual()
                    .start(() ->
                            program.inputReader(StandardCharsets.UTF_8).lines().forEach(said::add));
            try {
                JsonNode started = Json.parse(await(said, "\"message\":\"started\""));
                assertThat(started.fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrder(
                                "@timestamp", "level", "logger_name", "thread_name", "message", "port", "internalPort");
                URI health =
                        URI.create("http://127.0.0.1:" + started.get("port").asInt() + "/health");
                assertThat(ask(http, health)).contains("\"status\":\"down\"", "\"database\":\"down\"");
                assertThat(await(said, "no connection to the database"))
                        .contains("The secret of RDS_MASTER_SECRET_ARN cannot be read: Secrets Manager does not answer")
                        .doesNotContain("hunter");

                aws.heal();
                await(said, "connected to the database again");
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> ask(http, health), answer -> answer.contains("\"status\":\"up\""));
            } finally {
                program.destroyForcibly();
            }
        }
    }

    /** The line, wherever among the others it came. */
    private static String await(List<String> said, String text) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> said.stream().filter(line -> line.contains(text)).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private static String ask(HttpClient http, URI address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Twice at once, as two deployments would; with the database's variables only. */
    @Test
    void itBringsAnEmptyDatabaseUpToDate() throws Exception {
        DatabaseConfig empty = TestDatabase.createEmpty();
        Map<String, String> variables = Map.of("DATABASE_URL", urlOf(empty));

        Process program = start(variables, ProcessBuilder.Redirect.PIPE, "migrate");
        Process another = start(variables, "migrate");

        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said)
                .containsPattern("The schema (was at version \\d+ and is now|is) at version " + SchemaGate.PROGRAM);
        assertThat(ended(program)).isZero();
        assertThat(ended(another)).isZero();
        assertThat(Migrations.status(empty).isCurrent()).isTrue();
    }

    @Test
    void aMigrationThatCannotBeIsOneSentence() throws Exception {
        Process program = start(Map.of("DATABASE_URL", "postgresql://ann:secret@127.0.0.1:1/none"), "migrate");

        assertThat(errorsOf(program))
                .startsWith("The database cannot be reached")
                .hasLineCount(1)
                .doesNotContain("secret");
        assertThat(ended(program)).isEqualTo(1);
    }

    @Test
    void anArgumentThatThereIsNotIsAnsweredWithThoseThatThereAre() throws Exception {
        Process program = start(Map.of(), "migrat");

        assertThat(errorsOf(program)).startsWith("Usage: ").contains("migrate", "--help");
        assertThat(ended(program)).isEqualTo(2);
    }

    @Test
    void itSaysHowItIsCalled() throws Exception {
        Process program = start(Map.of(), ProcessBuilder.Redirect.PIPE, "--help");

        assertThat(new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("Usage: ");
        assertThat(ended(program)).isZero();
    }

    @Test
    void itDoesNotStartOnASchemaThatItDoesNotKnow() throws Exception {
        DatabaseConfig old = TestDatabase.createEmpty();
        Schemas.migrateTo(old, "6");
        DatabaseConfig newer = TestDatabase.createEmpty();
        Migrations.migrate(newer);
        Schemas.execute(newer, "UPDATE schema_contract SET serves_from = 90");

        Process onOld = start(serving(urlOf(old)), ProcessBuilder.Redirect.PIPE);
        Process onNewer = start(serving(urlOf(newer)), ProcessBuilder.Redirect.PIPE);

        assertThat(errorsOf(onOld))
                .startsWith("The schema is at version 6, and this program needs version " + SchemaGate.PROGRAM)
                .hasLineCount(1);
        assertThat(errorsOf(onNewer))
                .contains("serves programs from version 90 on")
                .hasLineCount(1);
        for (Process program : List.of(onOld, onNewer)) {
            assertThat(ended(program)).isEqualTo(1);
            assertThat(new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain("\"started\"");
        }
    }

    /** The database was away when it started: then its schema is seen later, and is as good a reason to end. */
    @Test
    void itEndsWhenTheDatabaseComesBackWithASchemaThatItDoesNotKnow() throws Exception {
        DatabaseConfig old = TestDatabase.createEmpty();
        Schemas.migrateTo(old, "6");
        try (Relay line =
                new Relay(URI.create(old.url().substring("jdbc:".length())).getPort())) {
            line.fallSilent();
            String url = urlOf(old).replaceFirst(":\\d+/", ":" + line.port() + "/");
            Process program = start(serving(url), ProcessBuilder.Redirect.PIPE);
            awaitStart(program);
            line.heal();

            assertThat(errorsOf(program)).contains("\nThe schema is at version 6");
            assertThat(ended(program)).isEqualTo(1);
        }
    }

    /** What is only there for several nodes costs one alone nothing; and where it is wanted and away, the program starts. */
    @Test
    void redisIsTouchedOnlyWhereItIsSet() throws Exception {
        assertThat(loadedUntilStarted(Map.of()))
                .anyMatch(SocketMainTest::listens)
                .noneMatch(SocketMainTest::isOfRedis);
        assertThat(loadedUntilStarted(Map.of("REDIS_URL", "redis://127.0.0.1:1")))
                .anyMatch(SocketMainTest::isOfRedis);
    }

    private static boolean isOfRedis(String loaded) {
        return loaded.contains(" io.lettuce.") || loaded.contains(" reactor.");
    }

    /** The classes that the program loads, as the JVM tells of them. */
    private static List<String> loadedUntilStarted(Map<String, String> settings) throws IOException {
        Map<String, String> variables =
                new HashMap<>(serving("postgresql://nobody:none@127.0.0.1:1/none?sslmode=require"));
        variables.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:stdout:none");
        variables.putAll(settings);
        Process program = start(variables, ProcessBuilder.Redirect.PIPE);
        try {
            return awaitStart(program);
        } finally {
            program.destroyForcibly();
        }
    }

    /** What it says until it serves. */
    private static List<String> awaitStart(Process program) throws IOException {
        List<String> loaded = new ArrayList<>();
        BufferedReader said = program.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine();
                line != null && !line.contains("\"message\":\"started\"");
                line = said.readLine()) {
            loaded.add(" " + line);
        }
        return loaded;
    }

    private static Map<String, String> serving(String databaseUrl) {
        return Map.of(
                "SOCKET_PORT", "0",
                "INTERNAL_PORT", "0",
                "HOOK_SECRET", "sixteen characters",
                "FIREBASE_PROJECT_ID", "test",
                "PUSH", "false",
                "DATABASE_URL", databaseUrl);
    }

    private static String urlOf(DatabaseConfig config) {
        return "postgresql://postgres:postgres@"
                + config.url().substring(config.url().indexOf("//") + 2);
    }

    private static String errorsOf(Process program) throws IOException {
        return new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int ended(Process program) throws InterruptedException {
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        return program.exitValue();
    }

    private static Process start(Map<String, String> variables, String... arguments) throws IOException {
        return start(variables, ProcessBuilder.Redirect.DISCARD, arguments);
    }

    private static Process start(Map<String, String> variables, ProcessBuilder.Redirect output, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SocketMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder program = new ProcessBuilder(command);
        program.environment().clear();
        program.environment().putAll(variables);
        Process started = program.redirectOutput(output).start();
        // What is to end and serves instead would be read from forever: so the test fails.
        CompletableFuture.delayedExecutor(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)
                .execute(started::destroyForcibly);
        return started;
    }
}
