package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.local.NodeTests.Run;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nothing acknowledged is lost, doubled or reordered, whatever fails: what {@code make faults} does, two nodes with Redis, for
 * {@code -Dcove.faults.minutes=}. Reports and the logs of the parts stay in {@code target/faults}.
 */
class FaultsTest {
    private static final String RUN = "src/test/faults/main.mjs";
    private static final String MINUTES = System.getProperty("cove.faults.minutes", "0.5");
    private static final String SEED = System.getProperty("cove.faults.seed", "");
    /** With the faults, starting, calming down and reading back. */
    private static final Duration PATIENCE =
            Duration.ofMinutes(6).plusMinutes((long) Math.ceil(Double.parseDouble(MINUTES)));

    @TestFactory
    Stream<DynamicTest> theJudgeFindsWhatItMust() throws Exception {
        return NodeTests.run("src/test/faults/all.test.mjs", Map.of());
    }

    @TestFactory
    Stream<DynamicTest> whatWasPromisedHolds() throws Exception {
        Checker checker = new Checker(RUN, "faults");

        return checker.tests(checker.run(PATIENCE, Map.of("MINUTES", MINUTES, "SEED", SEED)));
    }

    @ParameterizedTest
    @CsvSource({"ack-before-commit, lost", "no-repair, missed", "sequence-cursor, missed"})
    void aBrokenPromiseIsFound(String variant, String violation) throws Exception {
        Checker checker = new Checker(RUN, "faults-" + variant);

        Run run = checker.run(PATIENCE, Map.of("VARIANT", variant, "SEED", SEED));

        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(checker.violations()).as(run.output()).contains(violation);
    }
}
