package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
                await().until(() -> Json.parse(server.get("/health").body())
                        .path("status")
                        .asText()
                        .equals("draining"));
                assertThat(server.get("/socket.io/?EIO=4&transport=polling").statusCode())
                        .isEqualTo(503);
                assertThat(server.get("/live").statusCode()).isEqualTo(503);
                // The sessions that are still open are told of everything until they end.
                server.notifyHook(server.readByNobody());
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

    /** Or all clients would come back at the same moment. And none is told to stay away, which Socket.IO's goodbye does. */
    @Test
    void sessionsEndOneByOneAndWithoutAGoodbye() throws Exception {
        int clients = 30;
        try (TestServer server = TestServer.start(Map.of("SOCKET_DRAIN_MS", "6000"))) {
            List<RawSocket> sockets = IntStream.range(0, clients)
                    .mapToObj(i -> RawSocket.connect(server.port(), server.tokens.issue("user" + i)))
                    .toList();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);

            await().untilAsserted(() ->
                    assertThat(openSockets(sockets)).isLessThan(clients).isGreaterThan(clients / 2));
            await().untilAsserted(() ->
                    assertThat(openSockets(sockets)).isLessThan(clients / 2).isPositive());
            stopped.get(10, TimeUnit.SECONDS);
            for (RawSocket socket : sockets) {
                assertThat(socket.restUntilClosed()).noneMatch(frame -> frame.startsWith("41"));
            }
        }
    }

    private static long openSockets(List<RawSocket> sockets) {
        return sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    /** A client that polls has no poll open while it sends. */
    @Test
    void whatIsDoneOverPollingIsAcknowledgedToo() throws Exception {
        try (TestServer server = TestServer.start();
                Stranger ada = new Stranger(server, "ada")) {
            ThreadId thread = server.thread("ada", "bob");
            String sid = ada.connectedPolling();
            String typing = "[\"typing_start\",{\"threadId\":\"" + thread + "\"}]";
            assertThat(ada.post(sid, "421" + typing + Stranger.SEPARATOR + "422" + typing)
                            .body())
                    .isEqualTo("ok");

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
            await().until(() -> server.get("/health").body().contains("draining"));

            assertThat(ada.get(sid).body().split(Stranger.SEPARATOR))
                    .as(
                            "what comes with the goodbye, socket.io-client shows when it is back, beside what it is sent again")
                    .contains("431[{\"ok\":true}]", "432[{\"ok\":true}]")
                    .doesNotContain("1");
            assertThat(ada.get(sid).body()).isEqualTo("1");
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    /** As by Node: a poll that finds its session gone would be an error, and no goodbye. */
    @Test
    void aClientBetweenTwoPollsIsToldByItsNext() throws Exception {
        try (TestServer server = TestServer.start();
                Stranger ada = new Stranger(server, "ada")) {
            String sid = ada.connectedPolling();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
            await().until(() -> server.get("/health").body().contains("draining"));

            assertThat(ada.get(sid).body()).isEqualTo("1");
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatHangsIsGivenUp() throws Exception {
        HeldTokens held = new HeldTokens();
        try (TestServer server = TestServer.start(Map.of(), held::around)) {
            held.holdVerifications();
            RawSocket ada = RawSocket.open(server.port());
            ada.send("40{\"token\":\"" + server.tokens.issue("ada") + "\"}");
            held.awaitHeld(1);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);

            stopped.get(10, TimeUnit.SECONDS);
            ada.awaitClosed();
        }
    }

    private static void awaitLock(TestServer server) {
        await().until(() -> !server.database
                .ask(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .equals("0"));
    }
}
