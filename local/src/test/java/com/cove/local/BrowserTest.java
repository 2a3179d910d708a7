package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * People chatting through the page, in headless browsers: src/test/browser, driven by node, against the whole system on
 * an empty database. Each of its tests is a test here.
 */
class BrowserTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TestFactory
    Stream<DynamicTest> peopleChatThroughThePage(@TempDir Path data) throws Exception {
        String chromium = program("COVE_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
                .orElseGet(() -> fail("Chromium was not found: install it, or set COVE_CHROMIUM to where it is."));
        String node = program("COVE_NODE", "node")
                .orElseGet(() -> fail("Node.js was not found: install Node.js 20 or newer."));
        try (LocalSystem system = LocalSystemFixture.start(data)) {
            return results(run(node, chromium, system));
        }
    }

    private static Stream<DynamicTest> results(Run run) {
        List<Tap.Outcome> outcomes = Tap.parse(run.output.lines().toList()).outcomes();
        boolean explained = outcomes.stream().anyMatch(outcome -> !outcome.passed());
        if (outcomes.isEmpty() || (run.exitCode != 0 && !explained)) {
            fail("The browser tests did not run as they should, exit code " + run.exitCode + ":\n" + run.output);
        }
        return outcomes.stream()
                .map(outcome -> DynamicTest.dynamicTest(
                        outcome.name(),
                        () -> assertThat(outcome.passed())
                                .as(outcome.explanation())
                                .isTrue()));
    }

    private record Run(int exitCode, String output) {}

    private static Run run(String node, String chromium, LocalSystem system) throws IOException, InterruptedException {
        Path output = Files.createTempFile("cove-browser", ".tap");
        ProcessBuilder builder = new ProcessBuilder(node, "--test-reporter=tap", "src/test/browser/all.test.mjs")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("COVE_URL", "http://127.0.0.1:" + system.apiPort());
        builder.environment().put("COVE_CHROMIUM", chromium);
        builder.environment().remove("NODE_OPTIONS");
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            return ended ? new Run(process.exitValue(), said) : fail("The browser tests did not end:\n" + said);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    /** Where a program is: what the variable says, or the first of the names on the path. */
    private static Optional<String> program(String variable, String... names) {
        Stream<Path> folders =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
        Stream<String> found = folders.flatMap(folder -> Stream.of(names).map(folder::resolve))
                .filter(Files::isExecutable)
                .map(Path::toString);
        return Stream.concat(Stream.ofNullable(System.getenv(variable)), found).findFirst();
    }
}
