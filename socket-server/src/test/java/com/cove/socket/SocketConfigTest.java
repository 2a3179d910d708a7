package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.model.config.ConfigException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketConfigTest {
    private static final String SECRET = "sixteen characters";

    @Test
    void theDefaultsAreThoseOfTheContract() {
        SocketConfig config = SocketConfig.fromEnvironment(Map.of("HOOK_SECRET", SECRET));

        assertThat(config.transport().port()).isEqualTo(3001);
        assertThat(config.internal().getPort()).isEqualTo(3002);
        assertThat(config.internal().getAddress().isLoopbackAddress()).isTrue();
        assertThat(config.transport().timeouts().pingInterval()).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void aSecretMayHaveASuccessor() {
        assertThat(SocketConfig.fromEnvironment(Map.of("HOOK_SECRET", SECRET + " 1," + SECRET + " 2"))
                        .hookSecrets())
                .containsExactly(SECRET + " 1", SECRET + " 2");
    }

    @Test
    void allProblemsAreReportedAtOnceAndShowNoValue() {
        ConfigException problems = catchThrowableOfType(
                ConfigException.class,
                () -> SocketConfig.fromEnvironment(Map.of(
                        "SOCKET_PORT", "70000",
                        "INTERNAL_PORT", "http",
                        "HOOK_SECRET", "short",
                        "SOCKET_PING_INTERVAL_MS", "-1",
                        "PRESENCE_GRACE_MS", "x")));

        assertThat(problems.problems())
                .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
                .containsExactlyInAnyOrder(
                        "SOCKET_PORT", "INTERNAL_PORT", "HOOK_SECRET", "SOCKET_PING_INTERVAL_MS", "PRESENCE_GRACE_MS");
        assertThat(problems).hasMessageNotContainingAny("70000", "http", "short");
    }

    @Test
    void itShowsNoSecret() {
        assertThat(SocketConfig.fromEnvironment(Map.of("HOOK_SECRET", SECRET)).toString())
                .doesNotContain(SECRET);
    }

    @Test
    void revocationsAreCheckedOnlyWhereSomebodyAsksForIt() {
        assertThat(revocationCheck(Map.of("HOOK_SECRET", SECRET))).isZero();
        assertThat(revocationCheck(Map.of("HOOK_SECRET", SECRET, "TOKEN_REVOCATION_CHECK_MS", "30000")))
                .isEqualTo(Duration.ofSeconds(30));
        for (String wrong : new String[] {"1", "999", "600001", "-1"}) {
            assertThat(catchThrowableOfType(
                                    ConfigException.class,
                                    () -> revocationCheck(
                                            Map.of("HOOK_SECRET", SECRET, "TOKEN_REVOCATION_CHECK_MS", wrong)))
                            .problems())
                    .singleElement()
                    .asString()
                    .startsWith("TOKEN_REVOCATION_CHECK_MS must be");
        }
    }

    private static Duration revocationCheck(Map<String, String> variables) {
        return SocketConfig.fromEnvironment(variables).revocationCheck();
    }
}
