package com.cove.socket;

import com.cove.model.config.Environment;
import com.cove.socket.fanout.Recovery;
import com.cove.socket.nodes.RedisConfig;
import com.cove.socket.operator.NodeConfig;
import com.cove.socket.push.PushConfig;
import com.cove.socket.transport.OwnAddress;
import com.cove.socket.transport.TransportConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the socket server; the variables are listed in docs/configuration.md.
 *
 * @param internal where the internal port listens; never an address that clients reach
 * @param hookSecrets that sign calls of the internal hook; several while a key is rotated
 * @param presenceGrace how long somebody may be without a connection and still count as online
 * @param revocationCheck how often Google is asked whose tokens were revoked; zero for never
 * @param repair how often the database is asked for what nobody told of
 * @param recovery what a connection that comes back is sent of what it missed
 * @param redis where nodes tell each other what was stored; empty where they do not
 * @param node what this server is called, where operators see it
 * @param push when and how pushes are sent; empty where none are wanted
 */
public record SocketConfig(
        TransportConfig transport,
        InetSocketAddress internal,
        List<String> hookSecrets,
        Duration presenceGrace,
        Duration revocationCheck,
        Duration repair,
        Recovery.Bounds recovery,
        Optional<RedisConfig> redis,
        NodeConfig node,
        Optional<PushConfig> push) {
    private static final int MIN_SECRET_LENGTH = 16;
    private static final int REVOCATION_CHECK_MIN_MS = 1_000;

    /** Reads the settings and notes problems, without throwing. */
    public static SocketConfig from(Environment env) {
        TransportConfig transport = TransportConfig.from(env);
        InetSocketAddress internal = internal(env);
        if (internal.getPort() != 0 && internal.getPort() == transport.port()) {
            env.problem("INTERNAL_PORT must be another than SOCKET_PORT: clients must not reach it");
        }
        return new SocketConfig(
                transport,
                internal,
                hookSecrets(env),
                env.millis("PRESENCE_GRACE_MS", Duration.ofSeconds(3), Duration.ZERO, Duration.ofMinutes(5)),
                revocationCheck(env),
                env.millis("REPAIR_INTERVAL_MS", Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofMinutes(1)),
                Recovery.Bounds.of(
                        env.integer("RECOVERY_MAX_EVENTS", 5_000, 0, 100_000),
                        transport.buffers().outboundBytes()),
                RedisConfig.from(env),
                NodeConfig.from(env),
                PushConfig.from(env));
    }

    /** Reads the settings; throws a ConfigException that names every problem. */
    public static SocketConfig fromEnvironment(Map<String, String> variables) {
        Environment env = new Environment(variables);
        SocketConfig config = from(env);
        env.check();
        return config;
    }

    private static Duration revocationCheck(Environment env) {
        Duration interval =
                env.millis("TOKEN_REVOCATION_CHECK_MS", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10));
        if (!interval.isZero() && interval.toMillis() < REVOCATION_CHECK_MIN_MS) {
            env.problem("TOKEN_REVOCATION_CHECK_MS must be 0, for never, or at least " + REVOCATION_CHECK_MIN_MS);
        }
        return interval;
    }

    private static InetSocketAddress internal(Environment env) {
        int port = env.integer("INTERNAL_PORT", 3002, 0, 65_535);
        return new InetSocketAddress(
                OwnAddress.from(env, "INTERNAL_HOST").orElseGet(InetAddress::getLoopbackAddress), port);
    }

    private static List<String> hookSecrets(Environment env) {
        List<String> secrets = env.list("HOOK_SECRET");
        if (secrets.isEmpty()) {
            env.problem("HOOK_SECRET is missing: it signs what the REST side tells this server");
        }
        if (secrets.stream().anyMatch(secret -> secret.length() < MIN_SECRET_LENGTH)) {
            env.problem("HOOK_SECRET needs at least " + MIN_SECRET_LENGTH + " characters");
        }
        return secrets;
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "SocketConfig[port=" + transport.port() + ", internal=" + internal + "]";
    }
}
