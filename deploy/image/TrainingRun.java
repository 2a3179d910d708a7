import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Runs the server once while the image is built, so that the JVM notes which classes it needs: start, health, a client on
 * either transport that is refused, the operators' pages, SIGTERM. A build has no valid token: what a first message needs
 * beyond that is loaded when it comes. The arguments are the server's command; any other course than the expected one
 * fails the build.
 */
final class TrainingRun {
    private static final int PORT = 3001;
    private static final int INTERNAL_PORT = 3002;
    private static final int SIGTERM_EXIT = 143;
    private static final int PATIENCE_MS = 60_000;
    /** Of another project: refused before Google's keys are asked for, so a build needs no way to Google. */
    private static final String TOKEN = String.join(
            ".",
            base64("{\"alg\":\"RS256\",\"kid\":\"none\",\"typ\":\"JWT\"}"),
            base64("{\"aud\":\"none\",\"iss\":\"none\",\"sub\":\"nobody\",\"iat\":1,\"exp\":2}"),
            base64("none"));

    private TrainingRun() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader log = server.inputReader()) {
            awaitStart(log);
            Thread drain = Thread.ofPlatform().start(() -> log.lines().forEach(System.out::println));
            expect("200", get(PORT, "/live"));
            awaitDatabase();
            expect("200", get(INTERNAL_PORT, "/metrics"));
            expect("200", get(INTERNAL_PORT, "/nodes"));
            poll();
            upgrade();
            // The process alone: its own destroy() closes what it writes to, too.
            server.toHandle().destroy();
            int exit = server.waitFor();
            drain.join();
            if (exit != SIGTERM_EXIT) {
                throw new IllegalStateException("the server ended with " + exit);
            }
        } finally {
            server.destroyForcibly();
        }
    }

    private static void awaitStart(BufferedReader log) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            System.out.println(line);
            if (line.contains("\"message\":\"started\"")) {
                return;
            }
        }
        throw new IllegalStateException("the server did not start");
    }

    /** The first connection may be given up for its time and made again, where a machine builds much at once. */
    private static void awaitDatabase() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (!get(PORT, "/health").contains("\"database\":\"up\"")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the server does not reach the database");
            }
            Thread.sleep(200);
        }
    }

    private static void poll() throws IOException {
        String path = "/socket.io/?EIO=4&transport=polling";
        String opened = get(PORT, path);
        String session = opened.replaceFirst("(?s).*\"sid\":\"([^\"]+)\".*", "&sid=$1");
        String connect = "40{\"token\":\"" + TOKEN + "\"}";
        expect(
                "200",
                ask(
                        PORT,
                        "POST " + path + session + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " + connect.length()
                                + "\r\n\r\n" + connect));
        expect("44{", get(PORT, path + session));
    }

    /** Masked, as a client's frames have to be, with a mask of zeros. */
    private static void upgrade() throws IOException {
        byte[] connect = ("40{\"token\":\"" + TOKEN + "\"}").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", PORT)) {
            socket.setSoTimeout(PATIENCE_MS);
            OutputStream out = socket.getOutputStream();
            out.write(("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                            + base64("sixteen-bytes-12") + "==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            awaitText(socket.getInputStream(), "\r\n\r\n");
            out.write(new byte[] {(byte) 0x81, (byte) (0x80 | 126), (byte) (connect.length >> 8), (byte) connect.length});
            out.write(new byte[4]);
            out.write(connect);
            out.flush();
            awaitText(socket.getInputStream(), "44{");
        }
    }

    private static void awaitText(InputStream in, String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            read.append((char) next);
            if (read.indexOf(wanted) >= 0) {
                return;
            }
        }
        throw new IllegalStateException("expected " + wanted + ", got " + read);
    }

    private static String get(int port, String path) throws IOException {
        return ask(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static String ask(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void expect(String part, String answer) {
        if (!answer.contains(part)) {
            throw new IllegalStateException("expected " + part + ", got " + answer);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
