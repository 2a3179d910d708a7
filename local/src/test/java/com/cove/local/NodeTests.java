package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Runs a file of node tests, against a running system or alone; each of its tests becomes a test of ours. */
final class NodeTests {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private NodeTests() {}

    /** The outcomes; fails where node did not say any. */
    static Stream<DynamicTest> run(String file, LocalSystem system, Map<String, String> variables) throws Exception {
        Map<String, String> all = new HashMap<>(variables);
        all.put("COVE_URL", "http://127.0.0.1:" + system.apiPort());
        return run(file, all);
    }

    /** As above, for tests that need no system. */
    static Stream<DynamicTest> run(String file, Map<String, String> variables) throws Exception {
        return results(node(PATIENCE, variables, "--test-reporter=tap", file));
    }

    /** What node came to, with these arguments. */
    static Run node(Duration patience, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        String node = program("COVE_NODE", "node")
                .orElseGet(() -> fail("Node.js was not found: install Node.js 20 or newer."));
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(node), Stream.of(arguments)).toList());
        builder.environment().remove("NODE_OPTIONS");
        builder.environment().put("TEST_PORTS", TestPorts.variable());
        builder.environment().putAll(variables);
        return run(builder, patience);
    }

    /** Where a program is: what the variable says, or the first of the names on the path. */
    static Optional<String> program(String variable, String... names) {
        Stream<Path> folders =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
        Stream<String> found = folders.flatMap(folder -> Stream.of(names).map(folder::resolve))
                .filter(Files::isExecutable)
                .map(Path::toString);
        return Stream.concat(Stream.ofNullable(System.getenv(variable)), found).findFirst();
    }

    record Run(int exitCode, String output) {}

    private static Stream<DynamicTest> results(Run run) {
        List<Tap.Outcome> outcomes = Tap.parse(run.output.lines().toList()).outcomes();
        boolean explained = outcomes.stream().anyMatch(outcome -> !outcome.passed());
        if (outcomes.isEmpty() || (run.exitCode != 0 && !explained)) {
            fail("The tests in node did not run as they should, exit code " + run.exitCode + ":\n" + run.output);
        }
        return outcomes.stream()
                .map(outcome -> DynamicTest.dynamicTest(
                        outcome.name(),
                        () -> assertThat(outcome.passed())
                                .as(outcome.explanation())
                                .isTrue()));
    }

    private static Run run(ProcessBuilder builder, Duration patience) throws IOException, InterruptedException {
        Path output = Files.createTempFile("cove-node", ".tap");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            return ended ? new Run(process.exitValue(), said) : fail("Node did not end:\n" + said);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
