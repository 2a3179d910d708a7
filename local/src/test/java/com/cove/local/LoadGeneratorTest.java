package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.bench.Generator;
import com.cove.db.DatabaseConfig;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each scenario of the load generator, for as long as it takes to see that it works, against the whole system. */
class LoadGeneratorTest {
    private static final int PATIENCE_SECONDS = 60;
    private static final String GROUPS = "threads=4 size=3";
    /** To one message: the acknowledgement, and what each member gets. */
    private static final int ANSWERS = 4;

    private static final String SHORT = "warmup=0.2 seconds=0.5";
    /** As the tables of `bench/speed` are filled: thread i has the members u((i-1)k+1) to u(ik). */
    private static final String FILL = """
            INSERT INTO app_user (id, name) SELECT 'u' || i, 'u' || i FROM generate_series(1, 12) i;
            INSERT INTO thread (id, kind, created_by, last_seq, created_at, updated_at)
            SELECT ('01935c2e-5a00-7000-8000-00000000000' || i)::uuid, 'group', 'u' || (i * 3 - 2), 20, now(), now()
            FROM generate_series(1, 4) i;
            INSERT INTO thread_member (thread_id, user_id, role, joined_at)
            SELECT ('01935c2e-5a00-7000-8000-00000000000' || ((i - 1) / 3 + 1))::uuid, 'u' || i, 'member', now()
            FROM generate_series(1, 12) i;
            INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
            SELECT gen_random_uuid(), ('01935c2e-5a00-7000-8000-00000000000' || i)::uuid, seq, 'u' || (i * 3 - 2), 'old', now()
            FROM generate_series(1, 4) i, generate_series(1, 20) seq;
            """;

    private static final Map<String, String> SETTINGS = Map.of(
            "API_PORT", "0",
            "SOCKET_PORT", "0",
            "INTERNAL_PORT", "0",
            "LOCAL_DATABASE_PORT", "0",
            "SOCKET_EVENTS_PER_SECOND", "1000000",
            "SOCKET_EVENT_BURST", "1000000",
            "SOCKET_USER_EVENTS_PER_SECOND", "1000000",
            "SOCKET_USER_EVENT_BURST", "1000000");

    @TempDir
    private static Path data;

    private static LocalSystem system;
    private static String database;

    @BeforeAll
    static void start() throws Exception {
        system = LocalSystem.start(config(Map.of("LOCAL_DATA", data.toString())), step -> {});
        database = LocalPostgres.runningUrl(data).orElseThrow();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + database.replace("postgres@", ""), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(FILL);
        }
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    private static LocalConfig config(Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(others);
        return LocalConfig.fromEnvironment(settings);
    }

    @Test
    void soManyMessagesUnderWay() throws Exception {
        JsonNode result = run("threads", socket(), GROUPS, "window=4", SHORT);

        assertThat(result.path("checked").asLong()).isGreaterThanOrEqualTo(4 * ANSWERS);
    }

    @Test
    void soManyMessagesASecond() throws Exception {
        assertThat(run("threads", socket(), GROUPS, "rate=50", SHORT)
                        .path("checked")
                        .asLong())
                .isGreaterThanOrEqualTo(35 * ANSWERS);
    }

    @Test
    void theHighestRateThatIsHeld() throws Exception {
        JsonNode result =
                run("saturate", socket(), GROUPS, "from=20 to=30 limit=10000 warmup=0.1 settle=0.1 seconds=0.4");

        assertThat(result.path("rate").asDouble()).isLessThanOrEqualTo(20);
        assertThat(result.path("steps").path(0).path("rate").asDouble()).isEqualTo(20);
    }

    @Test
    void manyWhoConnect() throws Exception {
        JsonNode result = run("storm", socket(), "connections=24 users=12");

        assertThat(result.path("ready").asInt()).isEqualTo(24);
        assertThat(result.path("latency").path("max").asDouble()).isPositive();
    }

    @Test
    void manyWhoStayUntilTheyMayGo() throws Exception {
        JsonNode result = run("idle", socket(), "connections=12");

        assertThat(result.path("ready").asInt()).isEqualTo(12);
        assertThat(result.path("idleSeconds").asDouble()).isNotNegative();
    }

    @Test
    void pagesListsSyncsAndSends() throws Exception {
        for (String kind : List.of("history messages=20 limit=7", "threads", "sync missed=3", "send")) {
            JsonNode result = run("reads", "http=http://127.0.0.1:" + system.apiPort(), GROUPS, SHORT, "kind=" + kind);

            assertThat(result.path("checked").asLong()).as(kind).isPositive();
        }
    }

    @Test
    void everybodyComesBackAndMissesNothing() throws Exception {
        LocalSystem first = socketServer(0);
        try (PipedOutputStream out = new PipedOutputStream();
                BufferedReader said =
                        new BufferedReader(new InputStreamReader(new PipedInputStream(out), StandardCharsets.UTF_8))) {
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> generate(
                    InputStream.nullInputStream(),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    "reconnect",
                    "port=" + first.socketPort(),
                    GROUPS,
                    "rate=50"));
            assertThat(said.readLine()).isEqualTo("{\"at\":\"connected\"}");
            first.close();
            try (LocalSystem again = socketServer(first.socketPort())) {
                assertThat(again.socketPort()).isEqualTo(first.socketPort());
                assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
                assertThat(said.readLine()).isEqualTo("{\"at\":\"answers\"}");
                JsonNode result = Json.parse(said.readLine()).path("result");
                assertThat(result.path("recovered").asInt()).isEqualTo(12);
            }
        }
    }

    private static LocalSystem socketServer(int port) throws CannotStart {
        return LocalSystem.startSocket(
                config(Map.of("SOCKET_PORT", Integer.toString(port))), DatabaseConfig.of(database), step -> {});
    }

    private static String socket() {
        return "port=" + system.socketPort();
    }

    /** What was measured; each argument may be several. */
    private static JsonNode run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream said = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = generate(new ByteArrayInputStream("go\n".getBytes(StandardCharsets.UTF_8)), said, arguments);
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isZero();
        return Json.parse(text.lines().toList().getLast()).path("result");
    }

    private static int generate(InputStream in, PrintStream out, String... arguments) {
        List<String> words = Stream.of(arguments)
                .flatMap(several -> Stream.of(several.split(" ")))
                .toList();
        try {
            return Generator.run(words, in, out, out);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
