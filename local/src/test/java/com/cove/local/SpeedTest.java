package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cove.local.NodeTests.Run;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code make bench}, all of it in seconds: every scenario runs with every system and fills its part of the tables. How fast anything is
 * does not matter.
 */
class SpeedTest {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final List<String> SCENARIOS =
            List.of("limits", "direct", "many", "groups", "storm", "reconnect", "reads", "idle");

    @TempDir
    Path folder;

    @Test
    void everyScenarioFillsEveryCell() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "Google's keys are served at Google's own port, 443, which takes root");
        Map<String, String> variables = new HashMap<>(Checker.programs());
        variables.putAll(Map.of("QUICK", "1", "BENCH_HOME", folder.toString()));

        Run run = NodeTests.node(PATIENCE, variables, "../bench/speed/main.mjs");

        assertThat(run.exitCode()).as(run.output()).isZero();
        JsonNode samples =
                Json.parse(Files.readString(folder.resolve("speed.json"))).get("samples");
        assertThat(samples.findValuesAsText("scenario")).as(run.output()).containsAll(SCENARIOS);
        assertThat(samples.findValuesAsText("wrong")).containsOnly("0");
        List<String> rows = Files.readAllLines(folder.resolve("tables.md")).stream()
                .filter(line -> line.startsWith("|"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(60).noneMatch(row -> row.contains("?") || row.contains("NaN"));
    }

    /** On the same rows: {@code bench/peer-node} and {@code bench/speed}. */
    @TestFactory
    Stream<DynamicTest> whatWeAreComparedWithKeepsTheContract() throws Exception {
        return NodeTests.run("../bench/speed/peer.test.mjs", Checker.programs());
    }

    /** {@code PUBLISH=1}. */
    @TestFactory
    Stream<DynamicTest> aPartTakesThePlaceOfWhatWasPublishedOfIt() throws Exception {
        return NodeTests.run("../bench/speed/part.test.mjs", Map.of());
    }
}
