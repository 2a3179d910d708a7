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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The transport with a small application: what the protocols' test suites, the official ones and ours, talk to. */
final class EchoServer implements AutoCloseable {
    private final SocketTransport transport;
    private final HashedWheelTimer timer;
    private final ExecutorService executor;

    private EchoServer(TransportConfig config, @Nullable ConnectionListener listener) throws IOException {
        timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
        executor = Executors.newVirtualThreadPerTaskExecutor();
        MeterRegistry meters = new SimpleMeterRegistry();
        HealthReport up = new HealthReport(true, "{}");
        transport = listener == null
                ? SocketTransport.start(config, timer, executor, EchoServer::echo, () -> up, meters)
                : SocketTransport.start(config, timer, executor, listener, () -> up, meters);
    }

    /** Sends every Engine.IO message back. */
    static EchoServer engine(TransportConfig config) throws IOException {
        return new EchoServer(config, null);
    }

    /**
     * Tells every connection its {@code auth}, sends the arguments of {@code message} back as {@code message-back}, and
     * acknowledges any other event with its arguments.
     */
    static EchoServer socket(TransportConfig config) throws IOException {
        return new EchoServer(config, new SocketEcho());
    }

    static EchoServer socket(TransportConfig config, ConnectionListener listener) throws IOException {
        return new EchoServer(config, listener);
    }

    /** On any free loopback port, with the namespaces {@code /} and {@code /custom}, and these variables besides. */
    static TransportConfig config(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(Map.of(
                "SOCKET_HOST", "127.0.0.1",
                "SOCKET_PORT", "0",
                "SOCKET_MAX_PAYLOAD_BYTES", "1000000",
                "SOCKET_DRAIN_MS", "0"));
        all.putAll(variables);
        Environment environment = new Environment(all);
        TransportConfig config = TransportConfig.from(environment).withNamespaces(Set.of("/", "/custom"));
        environment.check();
        return config;
    }

    int sessions() {
        return transport.sessions();
    }

    int port() {
        return transport.port();
    }

    @Override
    public void close() {
        transport.close();
        timer.stop();
        executor.close();
    }

    /** Without a CONNECT, everybody counts as verified. */
    private static PacketHandler echo(EngineSession session) {
        session.trust();
        return new MessageHandler(
                text -> session.send(Frame.text("4" + text)), bytes -> session.send(Frame.binary(bytes)));
    }

    static final class SocketEcho implements ConnectionListener {
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
                event.acknowledgement().answer(event.attachments(), all.substring(1, all.length() - 1));
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
