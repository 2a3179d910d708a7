package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cove.local.NodeTests.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code make bench-lambda} in seconds: our functions alone, and the statements beside them. How fast anything is does not matter. */
class LambdaBenchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    @Test
    void ourFunctionsFillTheTable() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "Google's keys are served at Google's own port, 443, which takes root");
        Map<String, String> variables = new HashMap<>(Checker.programs());
        variables.putAll(
                Map.of("ROUNDS", "1", "CALLS", "4", "ONLY", "^java(-aot|-secret)? ", "BENCH_HOME", folder.toString()));

        Run run = NodeTests.node(PATIENCE, variables, "../bench/lambda/main.mjs");

        assertThat(run.exitCode()).as(run.output()).isZero();
        List<String> table = Files.readAllLines(folder.resolve("lambda.md"));
        assertThat(Stream.of("java", "java-aot", "java-secret", "query")
                        .flatMap(kind -> Stream.of(kind + " send-message", kind + " get-threads")))
                .allSatisfy(name -> assertThat(table)
                        .filteredOn(row -> row.startsWith("| " + name + " |"))
                        .singleElement()
                        .asString()
                        .containsPattern("\\d")
                        .doesNotContain("NaN", "undefined"));
    }
}
