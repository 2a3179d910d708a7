package com.cove.socket.transport;

import java.util.Base64;

/**
 * The body of a polling POST: Engine.IO packets separated by 0x1e, binary ones as {@code b} and Base64.
 *
 * <p>Replaces that part of netty-socketio's PacketDecoder, which leaks a copy of every packet but the last (issue 1002).
 */
final class PollingBody {
    static final char SEPARATOR = 0x1e;

    /** More than a client can have waiting. */
    private static final int MAX_PACKETS = 10_000;

    /** Packets in one turn of an event loop. */
    private static final int SLICE = 50;

    private final String body;
    private final EngineSession session;
    private int start;
    private int packets;

    PollingBody(String body, EngineSession session) {
        this.body = body;
        this.session = session;
    }

    /** Hands some packets to the session, in order; true once that was all. Then it is others' turn on the event loop. */
    boolean deliverSome() {
        for (int slice = 0; slice < SLICE && start <= body.length(); slice++) {
            packets++;
            if (packets > MAX_PACKETS) {
                throw new ProtocolException("too many packets");
            }
            int separator = body.indexOf(SEPARATOR, start);
            int end = separator < 0 ? body.length() : separator;
            packet(body.substring(start, end));
            start = end + 1;
        }
        return start > body.length();
    }

    private void packet(String packet) {
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
