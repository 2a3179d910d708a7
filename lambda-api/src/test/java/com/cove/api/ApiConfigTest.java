package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.auth.FirebaseAuthConfig;
import com.cove.model.config.ConfigException;
import com.cove.model.user.PictureConfig;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiConfigTest {
    private static final Map<String, String> COMPLETE = Map.of(
            "DATABASE_URL", "postgresql://cove:database-password@db.example:5432/cove?sslmode=require",
            "FIREBASE_PROJECT_ID", "cove",
            "firebaseSDK", "cove/firebase",
            "AWS_REGION", "eu-central-1",
            "SOCKET_HOOK_URL", "http://socket.internal:3002/internal/notify",
            "HOOK_SECRET", "the first hook secret, the second hook secret");

    @Test
    void everyVariableIsRead() {
        ApiConfig config = ApiConfig.fromEnvironment(COMPLETE);

        assertThat(config.firebase()).isEqualTo(new FirebaseAuthConfig("cove", "cove/firebase", false));
        assertThat(config.database().url()).isEqualTo("jdbc:postgresql://db.example:5432/cove");
        assertThat(config.database().poolSize()).isEqualTo(2);
        assertThat(config.hookUrl()).isEqualTo(URI.create("http://socket.internal:3002/internal/notify"));
        assertThat(config.hookSecrets()).containsExactly("the first hook secret", "the second hook secret");
    }

    @Test
    void picturesAreInABucket() {
        Map<String, String> variables = new HashMap<>(COMPLETE);
        variables.put("USER_IMAGE_BUCKET_URL", "https://pictures.example.com/");

        assertThat(ApiConfig.fromEnvironment(variables).pictures())
                .isEqualTo(new PictureConfig("https://pictures.example.com"));
        assertProblem("USER_IMAGE_BUCKET_URL", "pictures");
        assertProblem("USER_IMAGE_BUCKET_NAME", "No bucket");
    }

    @Test
    void withoutAnAddressThereIsNoHookAndNoSecretNeeded() {
        Map<String, String> variables = new HashMap<>(COMPLETE);
        variables.put("SOCKET_HOOK_URL", " ");
        variables.remove("HOOK_SECRET");

        assertThat(ApiConfig.fromEnvironment(variables).hookUrl()).isNull();
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        Map<String, String> variables = Map.of(
                "SOCKET_HOOK_URL", "socket.internal:3002",
                "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099",
                "firebaseSDK", "{}",
                "RDS_ENDPOINT", "https://db",
                "RDS_DATABASE", "a/b",
                "RDS_MASTER_SECRET_ARN", "arn:aws:rds:eu-central-1:1:db:cove");

        assertThatThrownBy(() -> ApiConfig.fromEnvironment(variables))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .hasSize(8)
                                .anyMatch(problem -> problem.contains("SOCKET_HOOK_URL must"))
                                .anyMatch(problem -> problem.contains("firebaseSDK"))
                                .anyMatch(problem -> problem.contains("RDS_ENDPOINT"))
                                .anyMatch(problem -> problem.contains("RDS_DATABASE"))
                                .anyMatch(problem -> problem.contains("RDS_MASTER_SECRET_ARN"))
                                .anyMatch(problem -> problem.contains("FIREBASE_PROJECT_ID"))
                                .anyMatch(problem -> problem.contains("FIREBASE_AUTH_EMULATOR_HOST"))
                                .anyMatch(problem -> problem.contains("HOOK_SECRET")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socket.internal:3002",
                "ftp://socket.internal/x",
                "http://",
                "http:///x",
                "http://a b/",
                "/internal/notify"
            })
    void anAddressThatIsNoneIsAProblem(String address) {
        assertProblem("SOCKET_HOOK_URL", address);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ",", "short", "long enough for this,short"})
    void aShortHookSecretIsAProblem(String secret) {
        assertProblem("HOOK_SECRET", secret);
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(ApiConfig.fromEnvironment(COMPLETE).toString())
                .doesNotContain("hook secret")
                .doesNotContain("database-password");
    }

    private static void assertProblem(String variable, String value) {
        Map<String, String> variables = new HashMap<>(COMPLETE);
        variables.put(variable, value);

        assertThatThrownBy(() -> ApiConfig.fromEnvironment(variables))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(variable)
                .hasMessageNotContaining("hook secret,");
    }
}
