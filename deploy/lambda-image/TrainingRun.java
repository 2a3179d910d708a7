import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the functions once while their image is built, so that the JVM notes which classes they need: a server of the Lambda Runtime
 * API that hands out each of the events some times, and ends the function when all are answered. The arguments are the folder of the
 * events, an ID token, and the function's command; any other course than the expected one fails the build.
 */
final class TrainingRun {
    /** The first makes what is listed by the others; the list has the cursor. */
    private static final List<String> EVENTS = List.of(
            "create-thread",
            "send-message",
            "get-threads",
            "get-thread-messages",
            "mark-message-read",
            "update-fcm-token",
            "mute-thread",
            "update-presence",
            "get-sync");

    private static final int ROUNDS = 20;
    private static final int SIGTERM_EXIT = 143;
    private static final String RUNTIME = "/2018-06-01/runtime/";
    /** In the answer's body, which is text in JSON. */
    private static final Pattern CURSOR = Pattern.compile("\\\\\"cursor\\\\\":\\\\\"([^\"\\\\]+)\\\\\"");

    private final Path folder;
    private final String token;
    private final Queue<String> due = new ArrayDeque<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile String cursor = "";

    private TrainingRun(Path folder, String token) {
        this.folder = folder;
        this.token = token;
        for (int round = 0; round < ROUNDS; round++) {
            due.addAll(EVENTS);
        }
    }

    public static void main(String[] arguments) throws Exception {
        TrainingRun run = new TrainingRun(Path.of(arguments[0]), arguments[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(RUNTIME, run::serve);
        server.start();
        try {
            run.train(server.getAddress().getPort(), Arrays.copyOfRange(arguments, 2, arguments.length));
        } finally {
            server.stop(0);
        }
    }

    private void train(int port, String[] command) throws Exception {
        ProcessBuilder program = new ProcessBuilder(command).inheritIO();
        program.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + port);
        Process function = program.start();
        function.onExit().thenRun(() -> done.completeExceptionally(new IllegalStateException("the function ended")));
        try {
            done.get(2, TimeUnit.MINUTES);
            function.destroy();
            int exit = function.waitFor();
            if (exit != SIGTERM_EXIT) {
                throw new IllegalStateException("the function ended with " + exit);
            }
        } finally {
            function.destroyForcibly();
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestURI().getPath().substring(RUNTIME.length());
        String said = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.equals("invocation/next")) {
            if (due.isEmpty()) {
                done.complete(null);
            } else {
                handOut(exchange, due.remove());
            }
            return;
        }
        if (!asked.endsWith("/response") || !said.contains("\"statusCode\":20")) {
            done.completeExceptionally(new IllegalStateException(asked + ": " + said));
        }
        Matcher listed = CURSOR.matcher(said);
        if (listed.find()) {
            cursor = listed.group(1);
        }
        exchange.sendResponseHeaders(202, -1);
    }

    private void handOut(HttpExchange exchange, String event) throws IOException {
        byte[] body = Files.readString(folder.resolve(event + ".json"))
                .replace("ID_TOKEN", token)
                .replace("CURSOR", cursor)
                .replace("\\\"m-1\\\"", "\\\"m-" + due.size() + "\\\"")
                .getBytes(StandardCharsets.UTF_8);
        // Without one the runtime client ends with a segmentation fault.
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "training-" + due.size());
        exchange.getResponseHeaders().add("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 30_000));
        exchange.getResponseHeaders().add("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:training");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
