package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A websocket frame by frame: the right ones, and those that no library would send. Reads as fast as the server writes. */
final class RawWebSocket implements AutoCloseable {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int FINAL = 0x80;
    static final String CLOSED = "closed";

    private static final int PATIENCE_SECONDS = 10;
    private static final int READ_BYTES = 256 * 1024;
    private static final int MASKED = 0x80;
    private static final byte[] MASK = {1, 2, 3, 4};

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final RawHttp tcp;
    private final String head;

    /**
     * Shakes hands.
     *
     * @param query parameters behind EIO and transport
     * @param headers each with its line end
     */
    RawWebSocket(RawHttp tcp, String query, String headers) {
        this.tcp = tcp;
        tcp.send("GET /socket.io/?EIO=4&transport=websocket" + query + " HTTP/1.1\r\nHost: x\r\n" + headers
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");
        this.head = tcp.readHead();
    }

    /** The head of the answer to the handshake. */
    String head() {
        return head;
    }

    /** Begins to read. */
    RawWebSocket read() {
        return read(in -> in);
    }

    /** Begins to read as over a thin line: so many bytes, then a pause, and so on. */
    RawWebSocket readSlowly(int bytes, Duration pause) {
        return read(in -> new FilterInputStream(in) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                LockSupport.parkNanos(pause.toNanos());
                return super.read(buffer, offset, Math.min(length, bytes));
            }
        });
    }

    private RawWebSocket read(UnaryOperator<InputStream> line) {
        Thread.ofVirtual().start(() -> {
            try {
                DataInputStream in = new DataInputStream(new BufferedInputStream(line.apply(tcp.in()), READ_BYTES));
                for (String frame = frame(in); frame != null; frame = frame(in)) {
                    received.add(frame);
                }
            } catch (IOException e) {
                // Reset, or closed by ourselves.
            }
            received.add(CLOSED);
        });
        return this;
    }

    /** A frame of the server's, which are neither masked nor in fragments; heartbeats are answered and left out. */
    private @Nullable String frame(DataInputStream in) throws IOException {
        int opcode = in.readUnsignedByte() & 0xf;
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        String content = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (opcode == CLOSE) {
            return null;
        }
        if (opcode == TEXT && content.equals("2")) {
            tcp.trySend(encode(FINAL | TEXT, "3".getBytes(StandardCharsets.US_ASCII)));
            return frame(in);
        }
        return opcode == TEXT ? content : "opcode " + opcode + " " + content;
    }

    RawWebSocket text(String message) {
        return frame(FINAL | TEXT, message.getBytes(StandardCharsets.UTF_8));
    }

    RawWebSocket frame(int first, String content) {
        return frame(first, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @param first the first byte: flags and opcode; whether the server still takes it does not matter */
    RawWebSocket frame(int first, byte[] content) {
        return bytes(encode(first, content));
    }

    RawWebSocket bytes(byte[] bytes) {
        tcp.trySend(bytes);
        return this;
    }

    static byte[] encode(int first, byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(content.length + 14).put((byte) first);
        if (content.length < 126) {
            frame.put((byte) (MASKED | content.length));
        } else if (content.length < 1 << 16) {
            frame.put((byte) (MASKED | 126)).putShort((short) content.length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(content.length);
        }
        frame.put(MASK);
        for (int i = 0; i < content.length; i++) {
            frame.put((byte) (content[i] ^ MASK[i & 3]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** The next frame that is no heartbeat, or {@link #CLOSED}. */
    String next() {
        try {
            String frame = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(frame).as("a frame within %s s", PATIENCE_SECONDS).isNotNull();
            return frame;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads on to this frame; what it is begins so. */
    String await(String beginning) {
        String frame = next();
        while (!frame.startsWith(beginning)) {
            assertThat(frame).as("before " + beginning).isNotEqualTo(CLOSED);
            frame = next();
        }
        return frame;
    }

    /** Reads on until the server has closed; how many frames came before. */
    int awaitClosed() {
        int frames = 0;
        while (!next().equals(CLOSED)) {
            frames++;
        }
        return frames;
    }

    @Override
    public void close() {
        tcp.close();
    }
}
