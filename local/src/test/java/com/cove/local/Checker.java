package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.local.NodeTests.Run;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A run in node that starts the programs of this build itself, and writes {@code report.json} with its checks: exit code 1 where one
 * is violated, 2 where it says nothing about the system.
 *
 * @param file of the run
 * @param folder where the report is, below {@code target}
 */
record Checker(String file, String folder) {
    Run run(Duration patience, Map<String, String> settings) throws Exception {
        Map<String, String> variables = new HashMap<>(settings);
        variables.putAll(programs());
        return NodeTests.node(patience, variables, file);
    }

    /** Where the programs of this build are, as they are now: bin/cove would build them again. */
    static Map<String, String> programs() {
        return Map.of(
                "COVE_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "COVE_CLASS_PATH", System.getProperty("java.class.path"));
    }

    /** Each check becomes a test. */
    Stream<DynamicTest> tests(Run run) throws IOException {
        assertThat(run.exitCode()).as(run.output()).isLessThan(2);
        List<JsonNode> checks = checks();
        assertThat(run.exitCode() == 0)
                .as(run.output())
                .isEqualTo(checks.stream()
                        .allMatch(check -> check.get("violations").isEmpty()));
        return checks.stream()
                .map(check -> DynamicTest.dynamicTest(
                        check.get("name").asText(),
                        () -> assertThat(check.get("violations"))
                                .as(run.output())
                                .isEmpty()));
    }

    /** The kinds of violations that were found. */
    List<String> violations() throws IOException {
        return checks().stream()
                .flatMap(check -> check.get("violations").valueStream())
                .map(found -> found.get("kind").asText())
                .toList();
    }

    private List<JsonNode> checks() throws IOException {
        JsonNode report = Json.parse(Files.readString(Path.of("target", folder, "report.json")));
        List<JsonNode> checks = report.get("checks").valueStream().toList();
        assertThat(checks).isNotEmpty();
        return checks;
    }
}
