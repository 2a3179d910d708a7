package com.cove.socket.transport;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** An Engine.IO packet, encoded once, to be written to any number of clients: its bytes never change. */
final class Frame {
    static final Frame PING = text("2");
    static final Frame PROBE_PONG = text("3probe");
    static final Frame CLOSE = text("1");
    static final Frame NOOP = text("6");

    private final byte[] bytes;
    private final boolean binary;

    private Frame(byte[] bytes, boolean binary) {
        this.bytes = bytes;
        this.binary = binary;
    }

    /** A text packet with its type digit. */
    static Frame text(String packet) {
        return new Frame(packet.getBytes(StandardCharsets.UTF_8), false);
    }

    static Frame binary(byte[] message) {
        return new Frame(message, true);
    }

    int size() {
        return bytes.length;
    }

    WebSocketFrame forWebSocket() {
        return binary
                ? new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes))
                : new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes));
    }

    /** As part of a polling body, where binary packets are {@code b} and Base64. */
    byte[] forPolling() {
        return binary ? ("b" + Base64.getEncoder().encodeToString(bytes)).getBytes(StandardCharsets.US_ASCII) : bytes;
    }
}
