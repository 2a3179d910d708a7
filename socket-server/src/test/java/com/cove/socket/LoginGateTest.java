package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.VerifiedToken;
import com.cove.model.config.Environment;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.cove.socket.transport.Acknowledgement;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.ConnectRequest;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.ConnectionListener;
import com.cove.socket.transport.HealthReport;
import com.cove.socket.transport.InboundEvent;
import com.cove.socket.transport.SocketTransport;
import com.cove.socket.transport.TransportConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a socket until its token is verified, and what is left of one that is not let in. */
@Timeout(60)
class LoginGateTest {
    /** For whoever is to be seen to miss it; the others have more, on the busiest machine. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final HeldTokens held = new HeldTokens();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        start(Duration.ofSeconds(10));
    }

    private void start(Duration connectTimeout) throws Exception {
        server = TestServer.start(
                Map.of("SOCKET_CONNECT_TIMEOUT_MS", Long.toString(connectTimeout.toMillis())), held::around);
    }

    @AfterEach
    void stop() {
        held.release();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void nothingIsSentToASocketBeforeItsTokenIsVerified(String transport) throws Exception {
        ThreadId thread = server.thread("ada", "bob");
        TestClient bob = server.connectInSomeAttempt("bob", "websocket");
        held.holdVerifications();
        try (Wire ada = Wire.open(server.port(), transport)) {
            ada.connect(server.tokens.issue("ada"));
            held.awaitHeld(1);
            CompletableFuture<String> first = CompletableFuture.supplyAsync(ada::next);

            bob.send(thread, "too early");
            assertThat(names(bob)).doesNotContain("user_online");
            assertThat(first).isNotDone();
            held.release();

            assertThat(first.join()).startsWith("40{\"sid\":");
            assertThat(bob.await("user_online").path("userId").asText()).isEqualTo("ada");
            bob.send(thread, "in time");
            String message = ada.next();
            while (!message.contains("new_message")) {
                message = ada.next();
            }
            assertThat(message).contains("in time");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void anEventBeforeTheTokenIsVerifiedIsNotProcessedAndEndsTheSession(String transport) throws Exception {
        ThreadId thread = server.thread("ada", "bob");
        TestClient bob = server.connectInSomeAttempt("bob", "websocket");
        held.holdVerifications();
        try (Wire ada = Wire.open(server.port(), transport)) {
            ada.connect(server.tokens.issue("ada"));
            held.awaitHeld(1);

            ada.sendAnyway("421[\"send_message\",{\"threadId\":\"" + thread + "\",\"content\":\"hi\"}]");
            assertThat(ada.next()).isEqualTo(RawSocket.CLOSED);
            held.release();

            assertNobodyCame(bob);
            assertThat(server.database.ask("SELECT count(*) FROM message")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aSilentSocketIsClosedWhenItsTimeToConnectIsOver(String transport) throws Exception {
        server.close();
        start(SHORT);
        long start = System.nanoTime();
        try (Wire silent = Wire.open(server.port(), transport)) {
            assertThat(silent.next()).isEqualTo(RawSocket.CLOSED);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT.minusMillis(50), SHORT.plusSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aSocketWhoseVerificationTakesTooLongIsClosedAndNeverBegins(String transport) throws Exception {
        server.close();
        start(SHORT);
        server.thread("ada", "bob");
        TestClient bob = server.connectInSomeAttempt("bob", "websocket");
        held.holdVerifications();
        try (Wire ada = Wire.open(server.port(), transport)) {
            ada.connect(server.tokens.issue("ada"));
            held.awaitHeld(1);

            assertThat(ada.next()).isEqualTo(RawSocket.CLOSED);
            held.release();

            assertNobodyCame(bob);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aRefusedUserIsSeenByNobody(String transport) throws Exception {
        server.thread("ada", "bob");
        TestClient bob = server.connectInSomeAttempt("bob", "websocket");
        try (Wire ada = Wire.open(server.port(), transport)) {
            ada.connect("forged");
            assertThat(ada.next()).startsWith("44{\"message\":\"unauthenticated\"");

            assertNobodyCame(bob);
        }
    }

    /** More at once than there are event loops, or carriers of virtual threads. */
    @Test
    void verificationsThatTakeLongHoldUpNobody() throws Exception {
        ThreadId thread = server.thread("bob", "carol");
        TestClient bob = server.connectInSomeAttempt("bob", "websocket");
        TestClient carol = server.connectInSomeAttempt("carol", "websocket");
        held.holdVerifications();
        List<Wire> waiting = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Wire wire = Wire.open(server.port(), i % 2 == 0 ? "websocket" : "polling");
            wire.connect(server.tokens.issue("ada"));
            waiting.add(wire);
        }
        held.awaitHeld(waiting.size());

        bob.send(thread, "hello");

        assertThat(carol.await("new_message").at("/message/content").asText()).isEqualTo("hello");
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        assertThat(held.threads).allMatch(Thread::isVirtual);
        waiting.forEach(Wire::close);
    }

    /** {@code socket.id} is shown to applications and written to logs; what speaks for a client is the session's id. */
    @Test
    void whoKnowsASocketIdCannotSpeakForIt() {
        TestClient ada = server.connect("ada", "polling");

        assertThat(server.get("/socket.io/?EIO=4&transport=polling&sid=" + ada.id())
                        .statusCode())
                .isEqualTo(400);
        ada.ok("refresh_token", Map.of("token", server.tokens.issue("ada")));
    }

    /** Whether it stays and is closed, or leaves by itself, or tries again. */
    @Test
    void aRefusedSocketLeavesNothingBehind() throws Exception {
        HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        TransportConfig config = TransportConfig.from(new Environment(Map.of(
                "SOCKET_PORT", "0",
                "SOCKET_HOST", "127.0.0.1",
                "SOCKET_CONNECT_TIMEOUT_MS", "60000",
                "SOCKET_DRAIN_MS", "0")));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                SocketTransport edge = SocketTransport.start(
                        config,
                        timer,
                        executor,
                        new RefusesEverybody(told),
                        () -> new HealthReport(true, "{}"),
                        new SimpleMeterRegistry())) {
            List<Wire> wires = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Wire wire = Wire.open(edge.port(), i % 2 == 0 ? "websocket" : "polling");
                wires.add(wire);
                wire.connect("any");
                assertThat(wire.next()).startsWith("44{\"message\":\"unauthenticated\"");
            }
            wires.subList(0, 4).forEach(wire -> wire.sendAnyway("1"));
            wires.subList(4, 8).forEach(wire -> wire.sendAnyway("40{}"));
            assertThat(edge.sessions()).isPositive();

            await("no session is left", () -> edge.sessions() == 0);
            await("no timer is left", () -> timer.pendingTimeouts() == 0);
            assertThat(told).isEmpty();
            wires.forEach(Wire::close);
        } finally {
            timer.stop();
        }
    }

    /** Nobody but the witness is online or becomes it, once all verifications are done. */
    private void assertNobodyCame(TestClient witness) throws InterruptedException {
        for (Thread thread : held.threads) {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(Json.parse(server.get("/health").body()).path("onlineUsers").asInt())
                .isEqualTo(1);
        assertThat(names(witness)).doesNotContain("user_online", "new_message");
    }

    private static List<String> names(TestClient client) {
        return client.received().stream().map(TestClient.Received::event).toList();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** A session over either transport. */
    private interface Wire extends AutoCloseable {
        static Wire open(int port, String transport) {
            return transport.equals("websocket")
                    ? new OverWebSocket(RawSocket.open(port))
                    : new OverPolling(RawPolling.open(port));
        }

        default void connect(String token) {
            sendAnyway("40{\"token\":\"" + token + "\"}");
        }

        /** Sends a packet, whatever becomes of it. */
        void sendAnyway(String packet);

        String next();

        @Override
        void close();
    }

    private record OverWebSocket(RawSocket socket) implements Wire {
        @Override
        public void sendAnyway(String packet) {
            socket.send(packet);
        }

        @Override
        public String next() {
            return socket.next();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private record OverPolling(RawPolling socket) implements Wire {
        @Override
        public void sendAnyway(String packet) {
            int _ = socket.post(packet);
        }

        @Override
        public String next() {
            return socket.next();
        }

        @Override
        public void close() {
            // nothing is open between requests
        }
    }

    /** Notes what it is told of besides. */
    private record RefusesEverybody(Queue<String> told) implements ConnectionListener {
        @Override
        public VerifiedToken authenticate(ConnectRequest request) {
            throw new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
        }

        @Override
        public void connected(Connection connection) {
            told.add("connected");
        }

        @Override
        public void received(Connection connection, InboundEvent event) {
            told.add("received");
        }

        @Override
        public Optional<AppException> refusal(Connection connection) {
            told.add("refusal");
            return Optional.empty();
        }

        @Override
        public void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why) {
            told.add("rejected");
        }

        @Override
        public void disconnected(Connection connection, CloseReason reason) {
            told.add("disconnected");
        }
    }
}
