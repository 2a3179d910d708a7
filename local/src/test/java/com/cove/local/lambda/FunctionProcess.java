package com.cove.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A function's running JVM, or what runs it, and what it writes. */
final class FunctionProcess implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Process process;
    private final List<String> lines = new ArrayList<>();

    FunctionProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** SIGSTOP, as a Lambda is frozen between calls. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS))
                .as("it ended")
                .isTrue();
        return process.exitValue();
    }

    /** All that it has written so far. */
    synchronized String output() {
        return String.join("\n", lines);
    }

    /** The first line of its log, as an object, of which this holds; waits for it. */
    synchronized JsonNode logged(Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Optional<JsonNode> found = lines.stream()
                    .map(FunctionProcess::object)
                    .flatMap(Optional::stream)
                    .filter(wanted)
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            assertThat(left).as("such a line in\n%s", output()).isPositive();
            wait(left);
        }
    }

    JsonNode logged(String message) throws InterruptedException {
        return logged(line -> message.equals(line.path("message").asText()));
    }

    /** With all that it started. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** To the JVM, which the emulator starts as its child. */
    private void signal(String name) throws IOException, InterruptedException {
        long jvm = process.children().findFirst().map(ProcessHandle::pid).orElse(process.pid());
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(jvm))
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (this) {
                    lines.add(line);
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // it was ended
        }
    }

    private static Optional<JsonNode> object(String line) {
        try {
            return line.startsWith("{") ? Optional.of(Json.parse(line)) : Optional.empty();
        } catch (AppException e) {
            return Optional.empty();
        }
    }
}
