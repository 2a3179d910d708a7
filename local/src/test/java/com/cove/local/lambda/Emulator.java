package com.cove.local.lambda;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** AWS's Runtime Interface Emulator, as SAM CLI brings it, with a function in it. */
final class Emulator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final FunctionProcess process;
    private final URI address;

    private Emulator(FunctionProcess process, int port) {
        this.process = process;
        this.address = URI.create("http://127.0.0.1:" + port + "/2015-03-31/functions/function/invocations");
    }

    /** @param timeout of the function */
    static Emulator start(Function function, Duration timeout) throws Exception {
        int port = freePort();
        FunctionProcess process = function.start(
                List.of(
                        program().toString(),
                        "--runtime-interface-emulator-address",
                        "127.0.0.1:" + port,
                        "--runtime-api-address",
                        "127.0.0.1:" + freePort()),
                Map.of("AWS_LAMBDA_FUNCTION_TIMEOUT", Long.toString(timeout.toSeconds())));
        Emulator emulator = new Emulator(process, port);
        emulator.awaitPort(port);
        return emulator;
    }

    FunctionProcess process() {
        return process;
    }

    /** What whoever invokes the function gets: its answer, or an error of the function or the emulator. */
    String invoke(String event) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(event))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        client.shutdownNow();
        process.close();
    }

    private void awaitPort(int port) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                new java.net.Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("The emulator does not listen:\n" + process.output(), e);
                }
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path program() throws IOException, InterruptedException {
        Process tool = new ProcessBuilder("../bin/aws-tool", "--path")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String path = new String(tool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        if (tool.waitFor() != 0) {
            throw new IOException("bin/aws-tool could not be installed");
        }
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";
        try (Stream<Path> python = Files.list(Path.of(path, "lib"))) {
            return python.map(folder -> folder.resolve("site-packages/samcli/local/rapid/aws-lambda-rie-" + machine))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
