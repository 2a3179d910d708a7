package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What clients notice when the server stops. */
class ShutdownTest {
    @Test
    void aSendThatIsUnderWayIsFinishedAndAcknowledged() throws Exception {
        try (TestServer server = TestServer.start()) {
            ThreadId thread = server.thread("ada", "bob");
            RawSocket ada = RawSocket.connect(server.port(), server.tokens.issue("ada"));
            try (Connection blocker = server.database.connect()) {
                blocker.setAutoCommit(false);
                blocker.createStatement().execute("SELECT id FROM thread FOR UPDATE");
                ada.send("427[\"send_message\",{\"threadId\":\"" + thread + "\",\"content\":\"last words\"}]");
                awaitLock(server);

                CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
                await(() -> Json.parse(server.get("/health").body())
                        .path("status")
                        .asText()
                        .equals("draining"));
                assertThat(server.get("/socket.io/?EIO=4&transport=polling").statusCode())
                        .isEqualTo(503);
                blocker.rollback();

                String acknowledgement = ada.next();
                while (!acknowledgement.startsWith("437")) {
                    acknowledgement = ada.next();
                }
                assertThat(acknowledgement).startsWith("437[{\"ok\":true");
                ada.awaitClosed();
                stopped.get(10, TimeUnit.SECONDS);
            }
            assertThat(server.database.ask("SELECT content FROM message")).isEqualTo("last words");
        }
    }

    private static void awaitLock(TestServer server) {
        await(() -> !server.database
                .ask(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .equals("0"));
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition within 10 s").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
