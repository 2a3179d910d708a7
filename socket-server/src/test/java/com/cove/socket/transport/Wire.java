package com.cove.socket.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A TCP connection on which a test says, byte for byte, what no client library would: HTTP first, then perhaps websocket frames. */
final class Wire implements AutoCloseable {
    /** What {@link #next} answers once the server has ended the connection. */
    static final String CLOSED = "closed";

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** An answer to an HTTP request; the names of its headers are in lower case. */
    record Reply(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    static Wire to(int port) {
        try {
            return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request on a connection of its own. */
    static Reply once(int port, String method, String target, String body, String... headers) {
        try (Wire wire = to(port)) {
            wire.request(method, target, body, headers);
            return wire.reply(method);
        }
    }

    // --- HTTP ---

    Reply get(String target, String... headers) {
        request("GET", target, "", headers);
        return reply("GET");
    }

    /** Sends a request and does not wait for the answer. */
    void request(String method, String target, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        head.append("\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(bytes);
        write(request.toByteArray());
    }

    Reply reply(String method) {
        try {
            int status = Integer.parseInt(line().split(" ", 3)[1]);
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                String[] parts = line.split(":", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
            }
            return new Reply(status, headers, body(method, status, headers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String body(String method, int status, Map<String, String> headers) throws IOException {
        if (method.equals("HEAD") || status == 101 || status == 204) {
            return "";
        }
        String length = headers.get("content-length");
        byte[] body = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new String(body, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    // --- websocket ---

    /** A websocket, if the server lets it in: status 101. */
    Reply upgrade(String target, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 4);
        all[headers.length] = "Connection: Upgrade";
        all[headers.length + 1] = "Upgrade: websocket";
        all[headers.length + 2] = "Sec-WebSocket-Version: 13";
        all[headers.length + 3] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        return get(target, all);
    }

    void text(String text) {
        frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void binary(byte... bytes) {
        frame(BINARY, bytes);
    }

    void ping(String payload) {
        frame(PING, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** Masked with zeros, which leaves the payload readable and is as good as any mask to a server. */
    private void frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xffff) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        write(bytes);
    }

    /**
     * The next frame: text as it is, binary as hexadecimal digits in angle brackets, a websocket pong as {@code pong:} and its
     * payload; or {@link #CLOSED}.
     */
    String next() {
        try {
            int opcode = in.readUnsignedByte() & 0x0f;
            byte[] payload = in.readNBytes(length(in.readUnsignedByte()));
            return switch (opcode) {
                case TEXT -> new String(payload, StandardCharsets.UTF_8);
                case BINARY -> "<" + HexFormat.of().formatHex(payload) + ">";
                case PONG -> "pong:" + new String(payload, StandardCharsets.UTF_8);
                case CLOSE -> CLOSED;
                default -> throw new AssertionError("frame with opcode " + opcode);
            };
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no frame came", e);
        } catch (IOException e) {
            return CLOSED;
        }
    }

    private int length(int first) throws IOException {
        return switch (first) {
            case 126 -> in.readUnsignedShort();
            case 127 -> Math.toIntExact(in.readLong());
            default -> first;
        };
    }

    // --- both ---

    /** True if the server neither says anything for this long nor ends the connection. */
    boolean staysSilent(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            int _ = in.read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            restorePatience();
        }
    }

    private void restorePatience() {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the server to end the connection, without a further byte. */
    boolean ends() {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // The server has ended the connection; what is read next says so.
        }
    }

    /** Breaks the connection off, as when a program is killed. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
