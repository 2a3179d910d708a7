package com.cove.socket.transport;

import java.io.IOException;
import java.util.Map;

/**
 * The server that the protocols' official test suites expect (see docs/protocol.md for how to run them): on this port the one
 * for Engine.IO, which sends every message back, or the one for Socket.IO.
 */
final class ProtocolSuiteServer {
    private ProtocolSuiteServer() {}

    /** Takes {@code engine} or {@code socket}, and the port. */
    public static void main(String[] arguments) throws Exception {
        try (EchoServer _ = start(arguments[0], arguments[1])) {
            Thread.currentThread().join();
        }
    }

    private static EchoServer start(String protocol, String port) throws IOException {
        TransportConfig config = EchoServer.config(Map.of(
                "SOCKET_PORT", port,
                "SOCKET_PING_INTERVAL_MS", "300",
                "SOCKET_PING_TIMEOUT_MS", "200",
                "SOCKET_CONNECT_TIMEOUT_MS", "1000"));
        return protocol.equals("engine") ? EchoServer.engine(config) : EchoServer.socket(config);
    }
}
