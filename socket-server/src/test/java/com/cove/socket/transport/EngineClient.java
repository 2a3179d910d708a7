package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

/** An Engine.IO 4 session as seen from outside, whichever transport carries it. It answers no heartbeat by itself. */
interface EngineClient extends AutoCloseable {
    String PATH = "/socket.io/?EIO=4&transport=";
    String SEPARATOR = "\u001e";

    /** A session over {@code websocket} or {@code polling}; its open packet is read already. */
    static EngineClient open(String transport, int port) {
        return transport.equals("websocket") ? OverWebSocket.open(port) : OverPolling.open(port);
    }

    /** The {@code sid} of an open packet. */
    static String sid(String openPacket) {
        assertThat(openPacket).startsWith("0{");
        return Json.parse(openPacket.substring(1)).path("sid").asText();
    }

    String sid();

    /** Sends packets at once; over polling in one body. */
    void send(String... packets);

    void send(byte[] message);

    /** The next packet, binary ones as hexadecimal digits in angle brackets, or {@link Wire#CLOSED}. */
    String next();

    default List<String> next(int count) {
        return Stream.generate(this::next).limit(count).toList();
    }

    @Override
    void close();

    record OverWebSocket(Wire wire, String sid) implements EngineClient {
        static OverWebSocket open(int port) {
            Wire wire = Wire.to(port);
            assertThat(wire.upgrade(PATH + "websocket").status()).isEqualTo(101);
            return new OverWebSocket(wire, EngineClient.sid(wire.next()));
        }

        @Override
        public void send(String... packets) {
            Stream.of(packets).forEach(wire::text);
        }

        @Override
        public void send(byte[] message) {
            wire.binary(message);
        }

        @Override
        public String next() {
            return wire.next();
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /** Every request on a connection of its own. */
    record OverPolling(int port, String sid, Queue<String> received) implements EngineClient {
        static OverPolling open(int port) {
            Wire.Reply reply = Wire.once(port, "GET", PATH + "polling", "");
            assertThat(reply.status()).isEqualTo(200);
            return new OverPolling(port, EngineClient.sid(reply.body()), new ArrayDeque<>());
        }

        String target() {
            return PATH + "polling&sid=" + sid;
        }

        Wire.Reply post(String body, String... headers) {
            return Wire.once(port, "POST", target(), body, headers);
        }

        Wire.Reply poll() {
            return Wire.once(port, "GET", target(), "");
        }

        /** A poll whose answer is not read yet. */
        Wire waitingPoll() {
            Wire wire = Wire.to(port);
            wire.request("GET", target(), "");
            return wire;
        }

        /** A websocket for this session. */
        Wire webSocket() {
            Wire wire = Wire.to(port);
            assertThat(wire.upgrade(PATH + "websocket&sid=" + sid).status()).isEqualTo(101);
            return wire;
        }

        @Override
        public void send(String... packets) {
            post(String.join(SEPARATOR, packets));
        }

        @Override
        public void send(byte[] message) {
            send("b" + Base64.getEncoder().encodeToString(message));
        }

        @Override
        public String next() {
            while (received.isEmpty()) {
                Wire.Reply reply = poll();
                if (reply.status() != 200 || reply.body().equals("1")) {
                    return Wire.CLOSED;
                }
                Stream.of(reply.body().split(SEPARATOR, -1))
                        .map(OverPolling::readable)
                        .forEach(received::add);
            }
            return received.remove();
        }

        private static String readable(String packet) {
            return packet.startsWith("b")
                    ? "<" + HexFormat.of().formatHex(Base64.getDecoder().decode(packet.substring(1))) + ">"
                    : packet;
        }

        @Override
        public void close() {
            // nothing is open between requests
        }
    }
}
