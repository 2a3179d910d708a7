package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * An Engine.IO packet, encoded once, to be written to any number of clients: its bytes never change.
 *
 * <p>Replaces netty-socketio's Packet and PacketEncoder: there a byte 4 precedes every attachment (issues 940, 997), and
 * encoding a packet for one client changes it for the others (issues 734, 900).
 */
final class Frame {
    static final Frame PING = text("2");
    static final Frame CLOSE = text("1");
    static final Frame NOOP = text("6");

    /** A whole message in one frame (RFC 6455, 5.2). */
    private static final int FINAL_TEXT = 0x81;

    private static final int FINAL_BINARY = 0x82;
    /** Lengths up to here stand in the second byte itself. */
    private static final int MAX_SHORT_LENGTH = 125;

    private static final int LENGTH_OF_16_BITS = 126;
    private static final int LENGTH_OF_64_BITS = 127;
    private static final int MAX_HEADER_BYTES = 10;

    private final byte[] bytes;
    private final boolean binary;
    private final List<Frame> alone = List.of(this);

    private Frame(byte[] bytes, boolean binary) {
        this.bytes = bytes;
        this.binary = binary;
    }

    /** A text packet with its type digit, in parts. */
    static Frame text(String... parts) {
        int size = 0;
        for (String part : parts) {
            size += ByteBufUtil.utf8Bytes(part);
        }
        byte[] bytes = new byte[size];
        ByteBuf packet = Unpooled.wrappedBuffer(bytes).clear();
        for (String part : parts) {
            ByteBufUtil.reserveAndWriteUtf8(packet, part, ByteBufUtil.utf8Bytes(part));
        }
        return new Frame(bytes, false);
    }

    static Frame binary(byte[] message) {
        return new Frame(message, true);
    }

    /** A list of nothing else. */
    List<Frame> alone() {
        return alone;
    }

    int size() {
        return bytes.length;
    }

    /** The most that {@link #write} writes. */
    int maxBytes() {
        return MAX_HEADER_BYTES + bytes.length;
    }

    /** As a websocket frame, header and all, for a channel past its pipeline's own encoder. */
    void write(ByteBuf buffer) {
        buffer.writeByte(binary ? FINAL_BINARY : FINAL_TEXT);
        if (bytes.length <= MAX_SHORT_LENGTH) {
            buffer.writeByte(bytes.length);
        } else if (bytes.length <= 0xffff) {
            buffer.writeByte(LENGTH_OF_16_BITS).writeShort(bytes.length);
        } else {
            buffer.writeByte(LENGTH_OF_64_BITS).writeLong(bytes.length);
        }
        buffer.writeBytes(bytes);
    }

    /** As part of a polling body, where binary packets are {@code b} and Base64. */
    byte[] forPolling() {
        return binary ? ("b" + Base64.getEncoder().encodeToString(bytes)).getBytes(StandardCharsets.US_ASCII) : bytes;
    }
}
