package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cove.db.DatabaseConfig;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSystemTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path data;

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() throws Exception {
        try (LocalSystem system = LocalSystemFixture.start(data)) {
            call(system, "GET", "/threads", "grace", "");
            String threadId = call(system, "POST", "/create-thread", "ada", "{\"participantIds\":[\"grace\"]}")
                    .at("/thread/id")
                    .asText();
            call(system, "POST", "/send-message", "ada", "{\"threadId\":\"" + threadId + "\",\"content\":\"kept\"}");
        }

        try (LocalSystem system = LocalSystemFixture.start(data)) {
            JsonNode threads = call(system, "GET", "/threads", "grace", "");
            assertThat(threads.at("/threads/0/lastMessage/content").asText()).isEqualTo("kept");
            assertThat(threads.at("/threads/0/unreadCount").asLong()).isEqualTo(1);
        }
    }

    @Test
    void aStoppedSystemLeavesNothingRunning() throws Exception {
        LocalSystem system = LocalSystemFixture.start(data);
        int[] ports = {system.apiPort(), system.socketPort(), system.internalPort()};
        assertThat(health(system)).isEqualTo(200);
        assertThat(LocalPostgres.runningUrl(data)).isPresent();

        system.close();

        for (int port : ports) {
            assertThat(Ports.isFree(port)).as("port %d is free again", port).isTrue();
        }
        assertThat(LocalPostgres.runningUrl(data)).isEmpty();
    }

    /** Whoever reaches a port can be anybody. */
    @Test
    void nothingListensBeyondThisMachine() throws Exception {
        List<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        try (LocalSystem system = LocalSystemFixture.start(data)) {
            for (InetAddress address : outside) {
                for (int port : new int[] {system.apiPort(), system.socketPort(), system.internalPort()}) {
                    assertThatExceptionOfType(IOException.class)
                            .as("port %d of %s", port, address)
                            .isThrownBy(() -> new Socket(address, port).close());
                }
            }
        }
    }

    @Test
    void aPostgresThatAKilledProgramLeftRunningIsReplaced() throws Exception {
        Process killed = program("LocalMain", Map.of());
        assertThat(untilReady(killed.inputReader(StandardCharsets.UTF_8))).isNotEmpty();
        killed.destroyForcibly().waitFor();
        String leftover = LocalPostgres.runningUrl(data).orElseThrow();

        try (LocalSystem system = LocalSystemFixture.start(data)) {
            assertThat(health(system)).isEqualTo(200);
            assertThat(LocalPostgres.runningUrl(data)).isPresent();
            assertThatExceptionOfType(CannotStart.class)
                    .isThrownBy(() -> Schema.requireReachable(DatabaseConfig.of(leftover)));
        }
    }

    @Test
    void twoProgramsDoNotShareADataDirectory() throws Exception {
        try (LocalPostgres first = LocalPostgres.start(data, 0)) {
            assertThatExceptionOfType(CannotStart.class)
                    .isThrownBy(() -> LocalPostgres.start(data, 0))
                    .withMessageContaining("Cove is running already on the data directory " + data);
            Schema.requireReachable(first.config());
        }
    }

    @Test
    void postgresCommitsToDisk() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(data, 0)) {
            List<String> command = ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                                    .getFirst()))
                    .flatMap(process -> process.info().arguments())
                    .map(List::of)
                    .orElseThrow();
            // The last word on a setting wins: PostgreSQL's "-F" stands for fsync=off.
            assertThat(command.lastIndexOf("fsync=on")).isGreaterThan(command.lastIndexOf("-F"));
            assertThat(command).contains("synchronous_commit=on");
            assertThat(postgres.url()).startsWith("postgresql://postgres@localhost:");
        }
    }

    @Test
    void aPortInUseIsOneSentence() throws Exception {
        for (String variable : List.of("API_PORT", "SOCKET_PORT", "INTERNAL_PORT")) {
            try (ServerSocket taken = new ServerSocket(0)) {
                LocalConfig config = with(variable, Integer.toString(taken.getLocalPort()));
                assertThatExceptionOfType(CannotStart.class)
                        .isThrownBy(() -> LocalSystem.start(config, step -> {}))
                        .withMessage("Port " + taken.getLocalPort() + " is in use: stop what uses it, or set "
                                + variable + " to another port (0 for any).");
            }
        }
    }

    @Test
    void anUnreachableDatabaseIsOneSentenceWithoutItsPassword() throws Exception {
        DatabaseConfig nowhere = DatabaseConfig.of("postgresql://cove:hunter2@localhost:1/cove");

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> LocalSystem.startApi(LocalSystemFixture.config(data), nowhere, step -> {}))
                .withMessageStartingWith("The database postgresql://localhost:1/cove cannot be reached")
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .doesNotContain("hunter2")
                        .doesNotContain("\n"));
    }

    @Test
    void anEmulatorThatIsNotThereIsOneSentence() {
        LocalConfig config = with("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:1");

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> LocalSystem.start(config, step -> {}))
                .withMessageContaining("does not answer at 127.0.0.1:1");
    }

    @Test
    void thePartsRunAloneAndFindEachOther() throws Exception {
        List<String> said = new ArrayList<>();
        try (LocalPostgres postgres = LocalPostgres.start(data, 0);
                LocalSystem socket =
                        LocalSystem.startSocket(LocalSystemFixture.config(data), postgres.config(), said::add)) {
            Map<String, String> variables =
                    new HashMap<>(LocalSystemFixture.config(data).environment());
            variables.put("SOCKET_PORT", Integer.toString(socket.socketPort()));
            variables.put("INTERNAL_PORT", Integer.toString(socket.internalPort()));
            try (LocalSystem api =
                    LocalSystem.startApi(LocalConfig.fromEnvironment(variables), postgres.config(), said::add)) {
                assertThat(health(socket)).isEqualTo(200);
                assertThat(call(api, "GET", "/threads", "ada", "").path("threads"))
                        .isEmpty();
                JsonNode page = call(api, "GET", "/local/config.json", "ada", "");
                assertThat(page.path("socketUrl").asText()).isEqualTo("http://localhost:" + socket.socketPort());
                assertThat(page.path("phones").asBoolean())
                        .as("pushes go to phones in the other program")
                        .isFalse();
            }
            assertThat(DatabaseCheckMain.check(postgres.config())).isTrue();
        }
        assertThat(said).contains("Starting the Socket.IO server", "Bringing the schema up to date");
    }

    /** As somebody at a terminal sees it: its words, its exit code, nothing left behind after Ctrl-C. */
    @Test
    void theProgramSaysWhatItDoesAndStopsOnCtrlC() throws Exception {
        Process program = program("LocalMain", Map.of());
        try {
            BufferedReader reader = program.inputReader(StandardCharsets.UTF_8);
            List<String> lines = untilReady(reader);
            assertThat(lines)
                    .contains("Starting the Socket.IO server", "Bringing the schema up to date")
                    .anySatisfy(line -> assertThat(line).startsWith("REST         http://localhost:"));
            assertThat(LocalPostgres.runningUrl(data)).isPresent();

            program.toHandle().destroy();

            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(reader.lines().toList()).contains("Stopping", "Stopped. Data is kept.");
            assertThat(LocalPostgres.runningUrl(data)).isEmpty();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aProgramThatCannotStartSaysWhyInOneLineAndEndsWith1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Process program = program("LocalMain", Map.of("API_PORT", Integer.toString(taken.getLocalPort())));

            assertThat(program.errorReader(StandardCharsets.UTF_8).lines())
                    .singleElement()
                    .asString()
                    .startsWith("Port " + taken.getLocalPort() + " is in use");
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isEqualTo(1);
        }
        Process withoutDatabase = program("LocalApiMain", Map.of());
        assertThat(withoutDatabase.errorReader(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("DATABASE_URL is not set");
        assertThat(withoutDatabase.waitFor()).isEqualTo(1);
    }

    private static List<String> untilReady(BufferedReader output) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("Ready.")) {
                return lines;
            }
            lines.add(line.strip());
        }
        throw new AssertionError("the program ended before it was ready: " + lines);
    }

    private Process program(String mainClass, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.cove.local." + mainClass);
        builder.environment()
                .keySet()
                .removeIf(name -> name.equals("DATABASE_URL") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(LocalSystemFixture.config(data).environment());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private LocalConfig with(String variable, String value) {
        Map<String, String> variables =
                new HashMap<>(LocalSystemFixture.config(data).environment());
        variables.put(variable, value);
        return LocalConfig.fromEnvironment(variables);
    }

    private int health(LocalSystem system) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + system.socketPort() + "/health");
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private JsonNode call(LocalSystem system, String method, String path, String userId, String body) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + system.apiPort() + path))
                        .header("Authorization", "Bearer " + token(userId))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return Json.parse(response.body());
    }

    private static String token(String userId) {
        long now = Instant.now().getEpochSecond();
        String claims = """
                {"iss":"https://securetoken.google.com/cove-local","aud":"cove-local","sub":"%s","iat":%d,"exp":%d}""".formatted(userId, now, now + 600);
        return encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + encoded(claims) + ".";
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
