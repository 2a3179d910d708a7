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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nothing acknowledged is lost, doubled or reordered, whatever fails: what {@code make faults} does, for
 * {@code -Dcove.faults.minutes=}. Reports and the logs of the parts stay in {@code target/faults}.
 */
class FaultsTest {
    private static final String MINUTES = System.getProperty("cove.faults.minutes", "0.5");
    private static final String SEED = System.getProperty("cove.faults.seed", "");
    /** Beyond the faults: starting, calming down, reading back. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TestFactory
    Stream<DynamicTest> theJudgeFindsWhatItMust() throws Exception {
        return NodeTests.run("src/test/faults/all.test.mjs", Map.of());
    }

    /** Each check of the run becomes a test. */
    @TestFactory
    Stream<DynamicTest> whatWasPromisedHolds() throws Exception {
        Run run = faults(Map.of("MINUTES", MINUTES, "SEED", SEED));

        assertThat(run.exitCode()).as(run.output()).isLessThan(2);
        List<JsonNode> checks = checks("faults");
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

    @ParameterizedTest
    @CsvSource({"ack-before-commit, lost", "no-repair, missed", "sequence-cursor, missed"})
    void aBrokenPromiseIsFound(String variant, String violation) throws Exception {
        Run run = faults(Map.of("VARIANT", variant, "SEED", SEED));

        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(checks("faults-" + variant).stream()
                        .flatMap(check -> check.get("violations").valueStream())
                        .map(found -> found.get("kind").asText()))
                .as(run.output())
                .contains(violation);
    }

    private static Run faults(Map<String, String> settings) throws Exception {
        long minutes = (long) Math.ceil(Double.parseDouble(MINUTES));
        Map<String, String> variables = new HashMap<>(settings);
        // The programs of this build, as they are now: bin/cove would build them again.
        variables.put(
                "COVE_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        variables.put("COVE_CLASS_PATH", System.getProperty("java.class.path"));
        return NodeTests.node(PATIENCE.plusMinutes(minutes), variables, "src/test/faults/main.mjs");
    }

    private static List<JsonNode> checks(String folder) throws IOException {
        JsonNode report = Json.parse(Files.readString(Path.of("target", folder, "report.json")));
        List<JsonNode> checks = report.get("checks").valueStream().toList();
        assertThat(checks).isNotEmpty();
        return checks;
    }
}
