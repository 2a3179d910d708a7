package com.cove.socket.transport;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A connection over either transport that reads when it is asked to, and not before. */
final class EngineReader implements AutoCloseable {
    private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=";
    private static final String SEPARATOR = "\u001e";

    private final int port;
    private final Wire wire;
    /** Of a polling session. */
    private final @Nullable String target;

    private final Queue<String> packets = new ArrayDeque<>();

    private EngineReader(int port, Wire wire, @Nullable String target) {
        this.port = port;
        this.wire = wire;
        this.target = target;
    }

    /** @param auth of the CONNECT, JSON; its answer is read already */
    static EngineReader connect(int port, String transport, String auth) {
        Wire wire = Wire.to(port);
        EngineReader reader;
        if (transport.equals("websocket")) {
            wire.upgrade(HANDSHAKE + "websocket");
            wire.next();
            reader = new EngineReader(port, wire, null);
        } else {
            String open = wire.get(HANDSHAKE + "polling").body();
            String sid = open.substring(9, open.indexOf('"', 9));
            reader = new EngineReader(port, wire, HANDSHAKE + "polling&sid=" + sid);
        }
        reader.send("40" + auth);
        String reply = reader.event();
        if (!reply.startsWith("40")) {
            throw new AssertionError(reply);
        }
        return reader;
    }

    /** Sends packets; over polling in one body. */
    void send(String... all) {
        if (target == null) {
            for (String packet : all) {
                wire.text(packet);
            }
        } else {
            Wire.Reply reply = Wire.once(port, "POST", target, String.join(SEPARATOR, all));
            if (reply.status() != 200) {
                throw new AssertionError("POST answered " + reply.status());
            }
        }
    }

    /** The next packet that is no heartbeat. */
    String event() {
        while (true) {
            String packet = target == null ? wire.next() : polled(target);
            if (packet.equals("2")) {
                send("3");
            } else {
                return packet;
            }
        }
    }

    private String polled(String at) {
        while (packets.isEmpty()) {
            packets.addAll(List.of(wire.get(at).body().split(SEPARATOR, -1)));
        }
        return packets.remove();
    }

    @Override
    public void close() {
        wire.close();
    }
}
