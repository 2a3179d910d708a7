package com.cove.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rehearsal of SnapStart: the runtime calls the hooks before the snapshot and after it was restored, as in AWS; in between, the
 * process goes on instead of being copied.
 */
@ExtendWith(TestDatabaseExtension.class)
class SnapStartTest {
    private static final String SEND = "com.cove.api.message.SendMessageHandler::handleRequest";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STORED = """
            SELECT (SELECT count(*) FROM app_user) || ' ' || (SELECT count(*) FROM thread) || ' '
                || (SELECT count(*) FROM message) || ' ' || (SELECT count(*) FROM device)
            """;

    private World world;
    private Function function;

    @BeforeEach
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        world = new World(database, new GoogleKeys(folder));
        function = new Function(SEND, world.options(), World.variables(database.url()))
                // The function's connections, apart from those of this test.
                .with("DATABASE_URL", database.url() + "?sslmode=disable&ApplicationName=snapped")
                .with("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac")
                .with("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    }

    @AfterEach
    void stop() throws Exception {
        world.google().close();
    }

    @Test
    void connectionsAreClosedForTheSnapshotAndOpenedAfterIt() throws Exception {
        String stored = world.database().ask(STORED);
        // By request: on a busy machine one is told again, because the answer took too long.
        Map<String, Set<Integer>> callers = new ConcurrentHashMap<>();
        HttpServer socketServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        socketServer.createContext("/", exchange -> {
            callers.computeIfAbsent(
                            String.valueOf(exchange.getRequestHeaders().getFirst("x-request-id")),
                            _ -> ConcurrentHashMap.newKeySet())
                    .add(exchange.getRemoteAddress().getPort());
            // All of it, so that the connection is kept.
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        socketServer.start();
        Function telling = function.with(
                        "SOCKET_HOOK_URL",
                        "http://127.0.0.1:" + socketServer.getAddress().getPort() + "/internal/notify")
                .with("HOOK_SECRET", "a secret of this test");
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess process = api.start(telling)) {
            api.awaitSnapshot();

            assertThat(connections()).as(process.output()).isEqualTo("0");
            assertThat(world.database().ask(STORED))
                    .as("the rehearsal stores nothing")
                    .isEqualTo(stored);
            assertThat(callers).containsOnlyKeys("rehearsal");
            assertThat(world.google().fetches()).isEqualTo(1);
            assertThat(process.output()).doesNotContain("could not be rehearsed", "Exception");

            api.restore();
            awaitConnection(process);
            JsonNode answer = Json.parse(api.invoke(world.event("send-message")).json());

            assertThat(answer.at("/statusCode").asInt())
                    .as("%s\n%s", answer, process.output())
                    .isEqualTo(201);
            assertThat(world.google().fetches()).as("copies have the keys").isEqualTo(1);
            assertThat(connections()).as("the pool may have made its spare one").isIn("1", "2");
            assertThat(callers).containsOnlyKeys("rehearsal", "VKbzVgr1DoEEMgw=");
            assertThat(callers.get("VKbzVgr1DoEEMgw="))
                    .as("copies share no connection")
                    .doesNotContainAnyElementsOf(callers.get("rehearsal"));
        } finally {
            socketServer.stop(0);
        }
    }

    /** A version can be published while all that it needs is away; its copies then do what is left at their first call. */
    @Test
    void aSnapshotNeedsNothingFromOutside() throws Exception {
        Map<String, String> variables = World.variables("postgresql://cove@127.0.0.1:1/cove");
        variables.putAll(Map.of(
                "AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start",
                "SOCKET_HOOK_URL", "http://127.0.0.1:1/internal/notify",
                "HOOK_SECRET", "a secret of this test"));
        Function lonely = new Function(
                SEND,
                List.of(
                        "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                        "-Dhttps.proxyHost=127.0.0.1",
                        "-Dhttps.proxyPort=1"),
                variables);
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess process = api.start(lonely)) {
            api.awaitSnapshot();
            assertThat(process.logged("could not be rehearsed before the snapshot")
                            .at("/level")
                            .asText())
                    .isEqualTo("WARN");
            assertThat(process.output()).doesNotContain("\"ERROR\"", "a secret of this test");

            api.restore();
            JsonNode answer = Json.parse(api.invoke(world.get(Map.of())).json());

            assertThat(answer.at("/statusCode").asInt()).as("%s", answer).isEqualTo(503);
        }
    }

    /** Which is made before anybody asks for it. */
    private void awaitConnection(FunctionProcess process) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!connections().equals("1")) {
            assertThat(System.nanoTime()).as(process.output()).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private String connections() {
        return world.database()
                .ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'snapped'");
    }
}
