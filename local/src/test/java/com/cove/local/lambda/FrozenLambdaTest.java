package com.cove.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Relay;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A function that is frozen between two calls, and whose connections die meanwhile. Neither clock tells it that any time has passed,
 * which is the worst case: what an hour by the time of day adds is in {@code RestedConnectionsTest} and {@code HttpHookTest}.
 */
@ExtendWith(TestDatabaseExtension.class)
class FrozenLambdaTest {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private World world;
    private HttpServer socketServer;
    private Relay databaseLine;
    private Relay hookLine;

    @BeforeEach
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        world = new World(database, new GoogleKeys(folder));
        socketServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        socketServer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        socketServer.createContext("/", exchange -> {
            told.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-request-id")));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        socketServer.start();
        databaseLine = new Relay(URI.create(database.url()).getPort());
        hookLine = new Relay(socketServer.getAddress().getPort());
    }

    @AfterEach
    void stop() throws Exception {
        hookLine.close();
        databaseLine.close();
        socketServer.stop(0);
        world.google().close();
    }

    /** As when a NAT gateway forgets connections that rested: no side is told. */
    @Test
    void withConnectionsThatDiedSilentlyTheNextCallSucceeds() throws Exception {
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess process = api.start(function())) {
            awaitFirst(api, process);
            process.freeze();
            databaseLine.forget();
            hookLine.forget();
            process.thaw();

            assertThat(send(api, "m-2")).as(process.output()).isEqualTo(201);
        }
    }

    /** As when the database restarted, or failed over. */
    @Test
    void withConnectionsThatTheDatabaseEndedTheNextCallSucceeds() throws Exception {
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess process = api.start(function())) {
            awaitFirst(api, process);
            process.freeze();
            assertThat(world.database()
                            .ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                    + " WHERE datname = current_database() AND application_name = 'frozen'"))
                    .isNotEqualTo("0");
            process.thaw();

            assertThat(send(api, "m-2")).as(process.output()).isEqualTo(201);
        }
    }

    private Function function() throws IOException {
        URI url = URI.create(world.database().url());
        String line = world.database().url().replace(":" + url.getPort(), ":" + databaseLine.port());
        return Function.of("com.cove.api.message.SendMessageHandler::handleRequest", world)
                .with("DATABASE_URL", line + "?sslmode=disable&ApplicationName=frozen")
                .with("SOCKET_HOOK_URL", "http://127.0.0.1:" + hookLine.port() + "/internal/notify")
                .with("HOOK_SECRET", "a secret of this test");
    }

    /** The first call loads classes and fetches Google's keys: where the machine is busy, that takes another one. */
    private void awaitFirst(RuntimeApi api, FunctionProcess process) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (send(api, "m-1") > 201) {
            assertThat(System.nanoTime()).as(process.output()).isLessThan(end);
        }
    }

    private int send(RuntimeApi api, String clientMessageId) throws Exception {
        String event = world.event("send-message");
        JsonNode answer =
                Json.parse(api.invoke(event.replace("m-1", clientMessageId)).json());
        return answer.at("/statusCode").asInt();
    }
}
