package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An Engine.IO packet, encoded once, to be written to any number of clients: its bytes never change. While it is
 * {@linkplain #share shared}, all websockets are given one buffer in native memory, which no write has to copy.
 *
 * <p>Replaces netty-socketio's Packet and PacketEncoder: there a byte 4 precedes every attachment (issues 940, 997), and
 * encoding a packet for one client changes it for the others (issues 734, 900).
 */
final class Frame {
    static final Frame PING = text("2");
    static final Frame PROBE_PONG = text("3probe");
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
    private boolean sharing;
    private @Nullable ByteBuf shared;

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

    /** From now on websockets share one buffer, until {@link #unshare}. */
    synchronized void share() {
        sharing = true;
    }

    /** Gives the shared buffer up; it is freed once the last websocket has written it. */
    synchronized void unshare() {
        sharing = false;
        if (shared != null) {
            shared.release();
            shared = null;
        }
    }

    /** As a websocket frame, header and all; written past the pipeline's own encoder. The caller's to release. */
    synchronized ByteBuf forWebSocket(ByteBufAllocator allocator) {
        if (!sharing) {
            return encode(allocator);
        }
        if (shared == null) {
            shared = encode(allocator);
        }
        return shared.retainedDuplicate();
    }

    private ByteBuf encode(ByteBufAllocator allocator) {
        ByteBuf buffer = allocator.directBuffer(MAX_HEADER_BYTES + bytes.length);
        buffer.writeByte(binary ? FINAL_BINARY : FINAL_TEXT);
        if (bytes.length <= MAX_SHORT_LENGTH) {
            buffer.writeByte(bytes.length);
        } else if (bytes.length <= 0xffff) {
            buffer.writeByte(LENGTH_OF_16_BITS).writeShort(bytes.length);
        } else {
            buffer.writeByte(LENGTH_OF_64_BITS).writeLong(bytes.length);
        }
        return buffer.writeBytes(bytes);
    }

    /** As part of a polling body, where binary packets are {@code b} and Base64. */
    byte[] forPolling() {
        return binary ? ("b" + Base64.getEncoder().encodeToString(bytes)).getBytes(StandardCharsets.US_ASCII) : bytes;
    }
}
