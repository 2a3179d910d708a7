import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Runs the server once while the image is built, so that the JVM notes which classes it needs and what is worth compiling: start,
 * health, a client on either transport that is refused, the operators' pages, hundreds of people who come, write, leave and come
 * back, as after a restart, SIGTERM. Their tokens are signed by a key of the build, which stands where Google's are. The arguments
 * are the key store, whose password is {@code training}, and the server's command; any other course than the expected one fails the build.
 */
final class TrainingRun {
    private static final int PORT = port("SOCKET_PORT", 3001);
    private static final int INTERNAL_PORT = port("INTERNAL_PORT", 3002);
    private static final int SIGTERM_EXIT = 143;
    private static final int PATIENCE_MS = 60_000;
    /** Of another project. */
    private static final String REFUSED = String.join(
            ".",
            base64("{\"alg\":\"RS256\",\"kid\":\"none\",\"typ\":\"JWT\"}"),
            base64("{\"aud\":\"none\",\"iss\":\"none\",\"sub\":\"nobody\",\"iat\":1,\"exp\":2}"),
            base64("none"));

    /** Members, each with its neighbour, of the threads that the script made. */
    private static final int PEOPLE = 400;

    private static final int MESSAGES = 5;
    private static final char[] PASSWORD = "training".toCharArray();
    private static final String KEYS = "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
    private static final Pattern PID = Pattern.compile("\"pid\":\"([^\"]+)\"");

    private TrainingRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(Path.of(arguments[0]).toFile(), PASSWORD);
        HttpsServer google = google(keys);
        try {
            train(Arrays.copyOfRange(arguments, 1, arguments.length), (PrivateKey) keys.getKey("key-1", PASSWORD));
        } finally {
            google.stop(0);
        }
    }

    private static int port(String variable, int usual) {
        return Integer.parseInt(System.getenv().getOrDefault(variable, Integer.toString(usual)));
    }

    private static void train(String[] command, PrivateKey key) throws IOException, InterruptedException, GeneralSecurityException {
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader log = server.inputReader()) {
            try {
                attend(server, log, key);
            } finally {
                // Before its log is closed, which waits for whoever reads it.
                server.destroyForcibly();
            }
        }
    }

    private static void attend(Process server, BufferedReader log, PrivateKey key)
            throws IOException, InterruptedException, GeneralSecurityException {
        awaitStart(log);
        Thread drain = Thread.ofPlatform().start(() -> log.lines().forEach(System.out::println));
        expect("200", get(PORT, "/live"));
        awaitDatabase();
        expect("200", get(INTERNAL_PORT, "/metrics"));
        expect("200", get(INTERNAL_PORT, "/nodes"));
        poll();
        try (Guest refused = new Guest()) {
            refused.say("40{\"token\":\"" + REFUSED + "\"}", "44{");
        }
        for (int person = 0; person < PEOPLE; person++) {
            visit(person, token("person-" + person, key));
        }
        // The process alone: its own destroy() closes what it writes to, too.
        server.toHandle().destroy();
        int exit = server.waitFor();
        drain.join();
        if (exit != SIGTERM_EXIT) {
            throw new IllegalStateException("the server ended with " + exit);
        }
    }

    /** Google's certificates for tokens. */
    private static HttpsServer google(KeyStore keys) throws IOException, GeneralSecurityException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        String certificate = "-----BEGIN CERTIFICATE-----\\n"
                + Base64.getEncoder().encodeToString(keys.getCertificate("key-1").getEncoded())
                + "\\n-----END CERTIFICATE-----\\n";
        byte[] answer = ("{\"key-1\":\"" + certificate + "\"}").getBytes(StandardCharsets.US_ASCII);
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 443), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext(KEYS, exchange -> {
            exchange.getResponseHeaders().add("Cache-Control", "public, max-age=3600");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String token(String user, PrivateKey key) throws GeneralSecurityException {
        long now = System.currentTimeMillis() / 1_000;
        String content = base64("{\"alg\":\"RS256\",\"kid\":\"key-1\",\"typ\":\"JWT\"}") + "."
                + base64("{\"aud\":\"training\",\"iss\":\"https://securetoken.google.com/training\",\"sub\":\"" + user
                        + "\",\"iat\":" + now + ",\"auth_time\":" + now + ",\"exp\":" + (now + 3_600) + "}");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static void visit(int person, String token) throws IOException {
        String pid;
        try (Guest guest = new Guest()) {
            guest.say("40{\"token\":\"" + token + "\"}", "40{");
            Matcher state = PID.matcher(guest.await("}"));
            if (!state.find()) {
                throw new IllegalStateException("no state that could be recovered");
            }
            pid = state.group(1);
            for (int id = 0; id < MESSAGES; id++) {
                guest.say("42" + id + "[\"send_message\",{\"threadId\":\"" + thread(person) + "\",\"content\":\"Message " + id
                        + "\",\"clientMessageId\":\"" + person + "-" + id + "\"}]", "43" + id + "[{\"ok\":true");
            }
        }
        try (Guest guest = new Guest()) {
            guest.say("40{\"token\":\"" + token + "\",\"pid\":\"" + pid + "\",\"offset\":\"\"}", "40{");
        }
    }

    private static String thread(int person) {
        return "00000000-0000-7000-8000-%012x".formatted(1 + person / 2);
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
        String connect = "40{\"token\":\"" + REFUSED + "\"}";
        expect(
                "200",
                ask(
                        PORT,
                        "POST " + path + session + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " + connect.length()
                                + "\r\n\r\n" + connect));
        expect("44{", get(PORT, path + session));
    }

    /** A client on a websocket. */
    private static final class Guest implements AutoCloseable {
        private final Socket socket = new Socket("127.0.0.1", PORT);

        Guest() throws IOException {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream()
                    .write(("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                                    + base64("sixteen-bytes-12") + "==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await("\r\n\r\n");
        }

        /** Sends a packet, masked as a client's frames have to be, with a mask of zeros, and waits for what is to follow. */
        void say(String packet, String answer) throws IOException {
            byte[] bytes = packet.getBytes(StandardCharsets.US_ASCII);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(0x81);
            if (bytes.length < 126) {
                frame.write(0x80 | bytes.length);
            } else {
                frame.write(0x80 | 126);
                frame.write(bytes.length >> 8);
                frame.write(bytes.length);
            }
            frame.write(new byte[4]);
            frame.write(bytes);
            socket.getOutputStream().write(frame.toByteArray());
            await(answer);
        }

        /** @return what was read, to the end of what was waited for */
        String await(String wanted) throws IOException {
            StringBuilder read = new StringBuilder();
            for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read()) {
                read.append((char) next);
                if (read.indexOf(wanted, read.length() - wanted.length()) >= 0) {
                    return read.toString();
                }
            }
            throw new IllegalStateException("expected " + wanted + ", got " + read);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
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
