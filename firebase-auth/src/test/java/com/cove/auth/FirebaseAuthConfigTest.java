package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.config.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirebaseAuthConfigTest {
    @Test
    void everyVariableIsRead() {
        Map<String, String> variables = Map.of("FIREBASE_PROJECT_ID", "cove", "firebaseSDK", "cove/firebase");

        assertThat(FirebaseAuthConfig.fromEnvironment(variables))
                .isEqualTo(new FirebaseAuthConfig("cove", "cove/firebase", false));
    }

    @Test
    void theServiceAccountsSecretMayBeAbsent() {
        assertThat(FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_PROJECT_ID", "cove")))
                .isEqualTo(new FirebaseAuthConfig("cove", null, false));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(() -> FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_AUTH_EMULATOR_HOST", "")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("FIREBASE_PROJECT_ID")
                .hasMessageContaining("FIREBASE_AUTH_EMULATOR_HOST");
    }

    @Test
    void theEmulatorIsForLocalUseOnly() {
        Map<String, String> variables =
                Map.of("FIREBASE_PROJECT_ID", "cove", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099");

        assertThatThrownBy(() -> FirebaseAuthConfig.fromEnvironment(variables))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("FIREBASE_AUTH_EMULATOR_HOST");
        assertThat(FirebaseAuthConfig.forLocalUse(variables)).isEqualTo(new FirebaseAuthConfig("cove", null, true));
    }
}
