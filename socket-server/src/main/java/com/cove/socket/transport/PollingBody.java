package com.cove.socket.transport;

import java.util.Base64;

/**
 * The body of a polling POST: Engine.IO packets separated by 0x1e, binary ones as {@code b} and Base64.
 *
 * <p>Replaces that part of netty-socketio's PacketDecoder, which leaks a copy of every packet but the last (issue 1002).
 */
final class PollingBody {
    static final char SEPARATOR = 0x1e;

    /** More than a client can have waiting, and few enough not to keep an event loop from others. */
    private static final int MAX_PACKETS = 10_000;

    private PollingBody() {}

    /** Hands every packet to the session, in order. */
    static void deliver(String body, EngineSession session) {
        int start = 0;
        for (int packets = 1; start <= body.length(); packets++) {
            if (packets > MAX_PACKETS) {
                throw new ProtocolException("too many packets");
            }
            int separator = body.indexOf(SEPARATOR, start);
            int end = separator < 0 ? body.length() : separator;
            packet(body.substring(start, end), session);
            start = end + 1;
        }
    }

    private static void packet(String packet, EngineSession session) {
        if (!packet.startsWith("b")) {
            session.receive(packet);
            return;
        }
        try {
            session.receive(Base64.getDecoder().decode(packet.substring(1)));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("invalid Base64");
        }
    }
}
