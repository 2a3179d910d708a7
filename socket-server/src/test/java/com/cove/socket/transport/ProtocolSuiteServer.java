package com.cove.socket.transport;

import com.cove.auth.VerifiedToken;
import com.cove.model.config.Environment;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.HashedWheelTimer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The server that the protocols' official test suites expect (see docs/protocol.md for how to run them): on this port the one
 * for Engine.IO, which sends every message back, or the one for Socket.IO.
 */
final class ProtocolSuiteServer {
    private ProtocolSuiteServer() {}

    /** Takes {@code engine} or {@code socket}, and the port. */
    public static void main(String[] arguments) throws Exception {
        try (SocketTransport _ = start(arguments[0], Integer.parseInt(arguments[1]))) {
            Thread.currentThread().join();
        }
    }

    static SocketTransport start(String protocol, int port) throws IOException {
        TransportConfig config = TransportConfig.from(new Environment(Map.of(
                        "SOCKET_HOST", "127.0.0.1",
                        "SOCKET_PORT", Integer.toString(port),
                        "SOCKET_MAX_PAYLOAD_BYTES", "1000000",
                        "SOCKET_PING_INTERVAL_MS", "300",
                        "SOCKET_PING_TIMEOUT_MS", "200",
                        "SOCKET_CONNECT_TIMEOUT_MS", "1000",
                        "SOCKET_DRAIN_MS", "0")))
                .withNamespaces(Set.of("/", "/custom"));
        HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
        Executor executor = Executors.newVirtualThreadPerTaskExecutor();
        MeterRegistry meters = new SimpleMeterRegistry();
        HealthReport up = new HealthReport(true, "{}");
        return protocol.equals("engine")
                ? SocketTransport.start(config, timer, executor, EngineEcho::new, () -> up, meters)
                : SocketTransport.start(config, timer, executor, new SocketEcho(), () -> up, meters);
    }

    private record EngineEcho(EngineSession session) implements PacketHandler {
        @Override
        public void text(String message) {
            session.send(Frame.text("4" + message));
        }

        @Override
        public void binary(byte[] message) {
            session.send(Frame.binary(message));
        }

        @Override
        public void afterAll(Runnable last) {
            last.run();
        }

        @Override
        public long waitingBytes() {
            return 0;
        }

        @Override
        public void closed(CloseReason reason) {
            // nothing to forget
        }
    }

    private static final class SocketEcho implements ConnectionListener {
        private final Map<String, String> auth = new ConcurrentHashMap<>();

        @Override
        public VerifiedToken authenticate(ConnectRequest request) {
            String user = Ids.random();
            auth.put(user, request.auth().isEmpty() ? "{}" : request.auth());
            return new VerifiedToken(new UserId(user), null, null, Instant.EPOCH, Instant.MAX);
        }

        @Override
        public void connected(Connection connection) {
            String given = auth.getOrDefault(connection.user().value(), "{}");
            connection.send(OutboundEvent.of(connection, "[\"auth\"," + given + "]", List.of()));
        }

        @Override
        public void received(Connection connection, InboundEvent event) {
            ArrayNode arguments = (ArrayNode) Json.parse(event.json());
            JsonNode name = arguments.remove(0);
            if (name.asText().equals("message")) {
                connection.send(OutboundEvent.of(
                        connection, arguments.insert(0, "message-back").toString(), event.attachments()));
            } else {
                String all = arguments.toString();
                event.acknowledgement().answer(all.substring(1, all.length() - 1), event.attachments());
            }
        }

        @Override
        public Optional<AppException> refusal(Connection connection) {
            return Optional.empty();
        }

        @Override
        public void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why) {
            throw new AssertionError("no test sends so much");
        }

        @Override
        public void disconnected(Connection connection, CloseReason reason) {
            auth.remove(connection.user().value());
        }
    }
}
