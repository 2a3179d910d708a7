package com.cove.socket.limit;

import com.cove.model.config.Environment;

/**
 * What one client may do.
 *
 * @param connectionEvents events of one connection
 * @param userEvents events of one user, over all connections
 * @param maxArguments of one event, its name not counted
 * @param maxJsonDepth of nesting, the packet's own array counted
 * @param handshakes new sessions of one address
 * @param connectionsPerUser verified connections of one user at a time
 * @param sessionsPerAddress sessions of one address at a time, verified or not
 */
public record LimitsConfig(
        Rate connectionEvents,
        Rate userEvents,
        int maxArguments,
        int maxJsonDepth,
        Rate handshakes,
        int connectionsPerUser,
        int sessionsPerAddress) {
    private static final int MAX = 1_000_000;
    /** A polling client has two at a time, one more during an upgrade, and one that it has just given up. */
    private static final int NETWORK_CONNECTIONS_PER_SESSION = 4;

    /** Network connections of one address at a time. */
    public int networkConnectionsPerAddress() {
        return NETWORK_CONNECTIONS_PER_SESSION * sessionsPerAddress;
    }

    /** Reads the settings and notes problems, without throwing. */
    public static LimitsConfig from(Environment env) {
        return new LimitsConfig(
                new Rate(limit(env, "SOCKET_EVENTS_PER_SECOND", 50), limit(env, "SOCKET_EVENT_BURST", 500)),
                new Rate(
                        limit(env, "SOCKET_USER_EVENTS_PER_SECOND", 100), limit(env, "SOCKET_USER_EVENT_BURST", 1_000)),
                env.integer("SOCKET_MAX_ARGUMENTS", 16, 1, 1_000),
                env.integer("SOCKET_MAX_JSON_DEPTH", 32, 8, 1_000),
                new Rate(limit(env, "SOCKET_HANDSHAKES_PER_SECOND", 100), limit(env, "SOCKET_HANDSHAKE_BURST", 1_000)),
                limit(env, "SOCKET_MAX_CONNECTIONS_PER_USER", 50),
                limit(env, "SOCKET_MAX_CONNECTIONS_PER_ADDRESS", 5_000));
    }

    private static int limit(Environment env, String name, int usual) {
        return env.integer(name, usual, 1, MAX);
    }
}
