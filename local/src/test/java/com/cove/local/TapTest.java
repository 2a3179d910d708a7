package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TapTest {
    @Test
    void everyTestHasItsOutcomeAndItsExplanation() {
        Tap tap = Tap.parse("""
                TAP version 13
                # Subtest: alone
                ok 1 - alone
                  ---
                  duration_ms: 2
                  ...
                # Subtest: suite
                    # Subtest: inner
                    ok 1 - inner
                      ---
                      duration_ms: 1
                      ...
                    # Subtest: broken
                    not ok 2 - broken
                      ---
                      error: 'why'
                      ...
                    1..2
                not ok 2 - suite
                  ---
                  error: '1 subtest failed'
                  ...
                ok 3 - left out # SKIP
                1..3
                # fail 1
                """.lines().toList());

        assertThat(tap.outcomes())
                .extracting(Tap.Outcome::name)
                .containsExactly("alone", "inner", "broken", "left out");
        assertThat(tap.outcomes()).extracting(Tap.Outcome::passed).containsExactly(true, true, false, false);
        assertThat(tap.outcomes().get(2).explanation()).contains("error: 'why'").doesNotContain("1..2");
    }

    @Test
    void aSuiteThatFailsWithoutAFailedTestIsAFailure() {
        Tap tap = Tap.parse("""
                    ok 1 - inner
                    1..1
                not ok 1 - suite
                  ---
                  error: 'the hook after it failed'
                  ...
                """.lines().toList());

        assertThat(tap.outcomes()).extracting(Tap.Outcome::passed).containsExactly(true, false);
    }
}
