package com.cove.socket.transport;

import com.cove.model.config.Environment;
import com.cove.socket.limit.LimitsConfig;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the edge accepts and how long it waits.
 *
 * @param host the address to listen on; null for every address of the machine
 * @param port to listen on; 0 takes any free one
 * @param namespaces that clients may connect to; the contract knows only {@code /}
 * @param limits of which the edge enforces those of an address
 */
public record TransportConfig(
        @Nullable String host,
        int port,
        Set<String> namespaces,
        Packets packets,
        Buffers buffers,
        Timeouts timeouts,
        Access access,
        LimitsConfig limits) {

    public static final String MAIN_NAMESPACE = "/";

    private static final int KIBIBYTE = 1024;
    private static final int MEBIBYTE = 1024 * KIBIBYTE;

    /**
     * What is too much before it is read.
     *
     * @param maxPayloadBytes of one websocket message or polling body; more ends the session, as in Node
     * @param maxEventBytes of one event; more is answered {@code payload_too_large} and not parsed
     * @param maxAttachments of one binary event; more ends the session
     * @param maxAckDigits of an acknowledgement's id; more end the session
     */
    public record Packets(int maxPayloadBytes, int maxEventBytes, int maxAttachments, int maxAckDigits) {
        /** Of one message or body before a connection was verified: the largest CONNECT. */
        static final int MAX_UNVERIFIED_BYTES = 65 * KIBIBYTE;

        private static Packets from(Environment env) {
            return new Packets(
                    env.integer("SOCKET_MAX_PAYLOAD_BYTES", 2 * MEBIBYTE, 128 * KIBIBYTE, 16 * MEBIBYTE),
                    env.integer("SOCKET_MAX_EVENT_BYTES", 64 * KIBIBYTE, 64 * KIBIBYTE, 16 * MEBIBYTE),
                    env.integer("SOCKET_MAX_ATTACHMENTS", 16, 0, 1_000),
                    env.integer("SOCKET_MAX_ACK_DIGITS", 15, 1, 15));
        }
    }

    /**
     * What may wait, for each session.
     *
     * @param mailboxBytes of events received and not yet handled; more is answered {@code rate_limited}
     * @param outboundBytes written and not yet taken by the client; more ends the session
     */
    public record Buffers(int mailboxBytes, int outboundBytes) {
        private static Buffers from(Environment env) {
            return new Buffers(
                    env.integer("SOCKET_MAILBOX_BYTES", 512 * KIBIBYTE, 64 * KIBIBYTE, 64 * MEBIBYTE),
                    env.integer("SOCKET_OUTBOUND_BYTES", 32 * MEBIBYTE, MEBIBYTE, 1024 * MEBIBYTE));
        }
    }

    /**
     * How long the edge waits.
     *
     * @param pingInterval between heartbeats
     * @param pingTimeout for the answer to a heartbeat
     * @param connect for a client to ask for a namespace and be verified
     * @param upgrade from polling to a websocket
     * @param header for the head of a request, from the opening of a connection or the request's first byte
     * @param request for the whole of a request, from there on
     * @param httpIdle for another request on a connection kept alive
     * @param slowClient for a client to take anything of what waits for it
     * @param drain over which the sessions are ended when the server stops, so that their clients do not all come back at once
     */
    public record Timeouts(
            Duration pingInterval,
            Duration pingTimeout,
            Duration connect,
            Duration upgrade,
            Duration header,
            Duration request,
            Duration httpIdle,
            Duration slowClient,
            Duration drain) {
        /** In an interval: each of 100 ms where that is the usual one. */
        private static final int PING_ROUNDS = 250;

        private static Timeouts from(Environment env) {
            return new Timeouts(
                    seconds(env, "SOCKET_PING_INTERVAL_MS", 25),
                    seconds(env, "SOCKET_PING_TIMEOUT_MS", 20),
                    seconds(env, "SOCKET_CONNECT_TIMEOUT_MS", 10),
                    seconds(env, "SOCKET_UPGRADE_TIMEOUT_MS", 10),
                    seconds(env, "SOCKET_HEADER_TIMEOUT_MS", 10),
                    seconds(env, "SOCKET_REQUEST_TIMEOUT_MS", 30),
                    seconds(env, "SOCKET_HTTP_IDLE_MS", 75),
                    seconds(env, "SOCKET_SLOW_CLIENT_MS", 10),
                    env.millis("SOCKET_DRAIN_MS", Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(10)));
        }

        private static Duration seconds(Environment env, String name, int usual) {
            return env.millis(name, Duration.ofSeconds(usual), Duration.ofMillis(100), Duration.ofHours(1));
        }

        /**
         * From {@code now} until the next ping: up to a 250th less than the interval, so that many fall due
         * together and wake their event loop once.
         *
         * @param now of {@link System#nanoTime}
         */
        Duration untilPing(long now) {
            long interval = pingInterval.toNanos();
            return Duration.ofNanos(interval - Math.floorMod(now + interval, interval / PING_ROUNDS));
        }

        /** How long a session may be silent. */
        Duration heartbeat() {
            return pingInterval.plus(pingTimeout);
        }
    }

    /** Who may knock. */
    public record Access(AllowedOrigins origins, TrustedProxies proxies) {
        private static Access from(Environment env) {
            return new Access(
                    AllowedOrigins.from(env, "SOCKET_ALLOWED_ORIGINS"),
                    TrustedProxies.from(env, "SOCKET_TRUSTED_PROXIES"));
        }
    }

    /** Reads the settings and notes problems, without throwing. */
    public static TransportConfig from(Environment env) {
        Packets packets = Packets.from(env);
        if (packets.maxEventBytes > packets.maxPayloadBytes) {
            env.problem(
                    "SOCKET_MAX_EVENT_BYTES is more than SOCKET_MAX_PAYLOAD_BYTES, so that no event could be that large");
        }
        OwnAddress.from(env, "SOCKET_HOST");
        return new TransportConfig(
                env.text("SOCKET_HOST").orElse(null),
                env.integer("SOCKET_PORT", 3001, 0, 65_535),
                Set.of(MAIN_NAMESPACE),
                packets,
                Buffers.from(env),
                Timeouts.from(env),
                Access.from(env),
                LimitsConfig.from(env));
    }

    TransportConfig withNamespaces(Set<String> others) {
        return new TransportConfig(host, port, others, packets, buffers, timeouts, access, limits);
    }
}
