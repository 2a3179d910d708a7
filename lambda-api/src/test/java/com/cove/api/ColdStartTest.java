package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time of a cold start is class loading (docs/lambda.md): these are the classes. */
class ColdStartTest {
    /** What a plain call does without; some of it was on the path once, and cost every cold start its time (docs/lambda.md). */
    private static final List<String> OFF_THE_PATH = List.of(
            "com.amazonaws.lambda.thirdparty.",
            "com.amazonaws.services.lambda.runtime.events.",
            "com.google.",
            "io.netty.",
            "org.apache.hc.",
            "org.flywaydb.",
            "software.amazon.awssdk.");

    /** Of ours and our libraries'. There were 1,620 when this was set; some room for new versions of libraries. */
    private static final int MOST = 1_800;

    private static final int SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void aPlainCallLoadsFewClassesAndNoneOfWhatItDoesNotNeed() throws IOException, InterruptedException {
        List<String> loaded;
        try (TestDatabase database = TestDatabase.create()) {
            loaded = loadedBy(database.url());
        }
        assertThat(loaded).as("the test sees what is loaded").contains("com.cove.api.thread.GetThreadsHandler");
        assertThat(loaded).noneMatch(name -> OFF_THE_PATH.stream().anyMatch(name::startsWith));
        assertThat(loaded).hasSizeLessThan(MOST);
    }

    private List<String> loadedBy(String databaseUrl) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        Path output = folder.resolve("output");
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + classes + ":none",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        ColdCall.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        program.environment()
                .putAll(Map.of(
                        "DATABASE_URL", databaseUrl + "?sslmode=disable",
                        "FIREBASE_PROJECT_ID", "cove-test",
                        "SOCKET_HOOK_URL", "http://127.0.0.1:1/internal/notify",
                        "HOOK_SECRET", "a secret of this test"));
        Process call = program.start();
        try {
            assertThat(call.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            call.destroyForcibly();
        }
        assertThat(call.exitValue()).as(Files.readString(output)).isZero();
        try (Stream<String> lines = Files.lines(classes)) {
            // Generated and the JDK's own are not from a file.
            return lines.filter(line -> line.contains(" source: file:"))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .toList();
        }
    }
}
