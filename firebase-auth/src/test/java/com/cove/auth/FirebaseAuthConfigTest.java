package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.config.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirebaseAuthConfigTest {
    @Test
    void everyVariableIsRead() {
        Map<String, String> variables =
                Map.of("FIREBASE_PROJECT_ID", "cove", "firebaseSDK", "cove/firebase", "AWS_REGION", "eu-central-1");

        assertThat(FirebaseAuthConfig.fromEnvironment(variables))
                .isEqualTo(new FirebaseAuthConfig("cove", "cove/firebase", false));
    }

    @Test
    void whatIsNoNameOfASecretIsOneClearSentence() {
        for (String value : new String[] {
            "{\"type\": \"service_account\"}",
            "arn:aws:s3:::bucket/key",
            "arn:aws:secretsmanager:eu-central-1:secret:x",
            "a b"
        }) {
            assertThatThrownBy(() -> FirebaseAuthConfig.fromEnvironment(
                            Map.of("FIREBASE_PROJECT_ID", "cove", "firebaseSDK", value)))
                    .hasMessage("firebaseSDK must be the ARN or the name of a secret of AWS Secrets Manager,"
                            + " not what is in it");
        }
        assertThatThrownBy(() -> FirebaseAuthConfig.fromEnvironment(
                        Map.of("FIREBASE_PROJECT_ID", "cove", "firebaseSDK", "cove/firebase")))
                .hasMessage("firebaseSDK is a secret's name, and AWS_REGION does not say where it is: set that, or give"
                        + " the secret's ARN");
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
