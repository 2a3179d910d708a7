package com.cove.local;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Three nodes behind HAProxy are replaced one after the other, and the people who chat meanwhile notice no more than a reconnect: a
 * small {@code make deploy-test}. Its report and the logs of the parts stay in {@code target/deploy}.
 */
class DeploymentTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TestFactory
    Stream<DynamicTest> theJudgeFindsWhatItMust() throws Exception {
        return NodeTests.run("src/test/deploy/judge.test.mjs", Map.of());
    }

    @TestFactory
    Stream<DynamicTest> nobodyNoticesMoreThanAReconnect() throws Exception {
        Checker checker = new Checker("src/test/deploy/main.mjs", "deploy");

        // Other tests have the processor meanwhile: a stall is what they cannot cause.
        return checker.tests(checker.run(PATIENCE, Map.of("CLIENTS", "120", "STALL_MS", "8000")));
    }
}
