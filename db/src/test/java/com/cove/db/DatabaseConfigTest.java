package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.model.config.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseConfigTest {
    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";

    @ParameterizedTest
    @CsvSource({
        "postgresql://ann:pw@db.example.com:5433/chat, jdbc:postgresql://db.example.com:5433/chat, ann, pw",
        "postgres://ann:pw@db.example.com/chat, jdbc:postgresql://db.example.com/chat, ann, pw",
        "postgresql://localhost/chat, jdbc:postgresql://localhost/chat, ,",
        "postgresql:///chat, jdbc:postgresql://localhost/chat, ,",
        "postgresql://ann@localhost/chat, jdbc:postgresql://localhost/chat, ann,",
        "postgresql://ann:p%40s%2Fs%3Aw+%25@localhost/chat, jdbc:postgresql://localhost/chat, ann, p@s/s:w+%",
        "postgresql://ann:p@ss@localhost/chat, jdbc:postgresql://localhost/chat, ann, p@ss",
        "postgresql://ann:pw@[::1]:5433/chat, jdbc:postgresql://[::1]:5433/chat, ann, pw",
        "'postgresql://ann:pw@one:5432,two:5433/chat', 'jdbc:postgresql://one:5432,two:5433/chat', ann, pw",
        "postgresql://ann:pw@localhost/my%20chat, jdbc:postgresql://localhost/my+chat, ann, pw",
        "jdbc:postgresql://localhost:5433/chat?user=ann&password=p%26w, jdbc:postgresql://localhost:5433/chat, ann, p&w",
        "jdbc:postgresql:chat, jdbc:postgresql:chat, ,",
    })
    void everyUsualUrlIsUnderstood(String text, String url, String user, String password) {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", text));
        assertThat(config.url()).isEqualTo(url);
        assertThat(config.user()).isEqualTo(user);
        assertThat(config.password()).isEqualTo(password);
    }

    @Test
    void parametersOfTheDriverAreKeptAndThoseOfPrismaTranslatedOrLeftOut() {
        String url = "postgresql://localhost/chat?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&schema=public"
                + "&connection_limit=5&pool_timeout=3&connect_timeout=7&application_name=x";
        assertThat(DatabaseConfig.of(url).properties())
                .isEqualTo(Map.of(
                        "sslmode", "verify-full",
                        "sslrootcert", "/etc/ca.pem",
                        "currentSchema", "public",
                        "connectTimeout", "7",
                        "ApplicationName", "x"));
        assertThat(DatabaseConfig.of("postgresql://localhost/chat?pgbouncer=true")
                        .properties())
                .isEqualTo(Map.of("prepareThreshold", "0"));
        assertThat(DatabaseConfig.of("jdbc:postgresql://localhost/chat?sslmode=require&user=ann")
                        .properties())
                .isEqualTo(Map.of("sslmode", "require"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "localhost:5432/chat",
                "mysql://ann:hunter2@localhost/chat",
                "http://ann:hunter2@localhost/chat",
                "postgresql:/ann:hunter2@localhost/chat",
                "postgresql://ann:hunter2@localhost",
                "postgresql://ann:hunter2@localhost/",
                "postgresql://ann:hunter2@localhost:port/chat",
                "postgresql://ann:hunter2@localhost:99999/chat",
                "postgresql://ann:hunter2@localhost:0/chat",
                "postgresql://ann:hunter2@local host/chat",
                "postgresql://ann:hunter2/@localhost/chat",
                "postgresql://ann:hunter2?@localhost/chat",
                "postgresql://ann:hunter2%zz@localhost/chat",
                "postgresql://ann:hunter2%4@localhost/chat",
                "postgresql://ann:hunter2@[::1/chat",
                "jdbc:postgresql:",
                "jdbc:mysql://localhost/chat?password=hunter2",
                "jdbc:postgresql://ann:hunter2@localhost/chat",
            })
    void aUrlThatIsNoneIsOneClearSentenceWithoutThePassword(String url) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", url)))
                .satisfies(failure -> {
                    assertThat(failure.problems()).singleElement().asString().startsWith("DATABASE_URL ");
                    assertThat(failure).hasNoCause();
                    assertThat(failure.getMessage()).doesNotContain("\n").doesNotContain("hunter");
                });
    }

    @Test
    void whatContradictsOrIsMissingIsToldTogether() {
        assertThat(problems(Map.of())).singleElement().asString().startsWith("DATABASE_URL is missing");
        assertThat(problems(Map.of("RDS_MASTER_SECRET_ARN", ARN)))
                .singleElement()
                .asString()
                .startsWith("RDS_MASTER_SECRET_ARN needs DATABASE_URL or RDS_ENDPOINT");
        assertThat(problems(Map.of("RDS_ENDPOINT", "db.example.com")))
                .singleElement()
                .asString()
                .startsWith("RDS_ENDPOINT needs RDS_MASTER_SECRET_ARN");
        assertThat(problems(Map.of("DATABASE_URL", "postgresql://localhost/chat", "RDS_DATABASE", "other")))
                .singleElement()
                .asString()
                .startsWith("RDS_DATABASE goes with RDS_ENDPOINT");
        assertThat(problems(Map.of(
                        "DATABASE_URL",
                        "postgresql://db.example.com/chat",
                        "RDS_ENDPOINT",
                        "db.example.com",
                        "RDS_DATABASE",
                        "other")))
                .singleElement()
                .asString()
                .startsWith("RDS_ENDPOINT and RDS_DATABASE lead elsewhere than DATABASE_URL");
        assertThat(problems(Map.of(
                        "RDS_ENDPOINT", "https://db", "RDS_DATABASE", "a/b", "RDS_MASTER_SECRET_ARN", "{\"a\": 1}")))
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).startsWith("RDS_ENDPOINT must be"),
                        two -> assertThat(two).startsWith("RDS_DATABASE must be"),
                        three -> assertThat(three).startsWith("RDS_MASTER_SECRET_ARN must be"));
        assertThat(problems(Map.of("RDS_ENDPOINT", "db.example.com", "RDS_MASTER_SECRET_ARN", "a-name")))
                .singleElement()
                .asString()
                .contains("AWS_REGION");
    }

    @Test
    void twoWaysToSayTheSameAreNoContradiction() {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(Map.of(
                "DATABASE_URL", "postgresql://db.example.com:5432/chat",
                "RDS_ENDPOINT", "db.example.com",
                "RDS_DATABASE", "chat",
                "RDS_MASTER_SECRET_ARN", "a-name",
                "AWS_REGION", "eu-central-1"));
        assertThat(config.url()).isEqualTo("jdbc-secretsmanager:postgresql://db.example.com:5432/chat");
        assertThat(config.user()).isEqualTo("a-name");
    }

    @Test
    void aSecretReplacesTheCredentials() {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(Map.of(
                "RDS_MASTER_SECRET_ARN",
                ARN,
                "DATABASE_URL",
                "postgresql://ann:pw@db.example.com:5432/chat?connectTimeout=7"));
        assertThat(config.url()).isEqualTo("jdbc-secretsmanager:postgresql://db.example.com:5432/chat");
        assertThat(config.user()).isEqualTo(ARN);
        assertThat(config.password()).isNull();
        assertThat(config.properties())
                .isEqualTo(Map.of(
                        "sslmode", "verify-full", "sslfactory", "com.cove.db.TrustedSockets", "connectTimeout", "7"));
        assertThat(config.fromSecretsManager()).isTrue();
    }

    @Test
    void aSecretNeedsOnlyAnEndpoint() {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(
                Map.of("RDS_MASTER_SECRET_ARN", ARN, "RDS_ENDPOINT", "db.example.com", "RDS_DATABASE", "chat"));
        assertThat(config.url()).isEqualTo("jdbc-secretsmanager:postgresql://db.example.com/chat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://db.example.com/chat",
                "postgresql://localhost,db.example.com:5433/chat",
                "postgresql://localhost.example.com/chat",
                "postgresql://10.0.0.1/chat",
                "jdbc:postgresql://[2001:db8::1]:5432/chat",
                "jdbc:postgresql://db.example.com/chat?ssl=true",
                "jdbc:postgresql:///chat?service=prod",
            })
    void anotherMachineMustProveItsName(String url) {
        assertThat(DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", url)).properties())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslfactory", TrustedSockets.class.getName());
        assertThat(DatabaseConfig.forLocalUse(Map.of("DATABASE_URL", url)).properties())
                .doesNotContainKey("sslmode");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://localhost/chat",
                "postgresql:///chat",
                "postgresql://127.0.0.1:54329/chat",
                "postgresql://[::1]/chat",
                "jdbc:postgresql:chat",
            })
    void thisMachineNeedsNoTls(String url) {
        assertThat(DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", url)).properties())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sslmode=disable",
                "sslmode=allow",
                "sslmode=prefer",
                "sslmode=verify-ca",
                "sslmode=verify",
                "ssl=false",
                "sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory",
            })
    void tooLittleForAnotherMachineIsRefused(String parameters) {
        assertThat(problems(Map.of("DATABASE_URL", "postgresql://ann:hunter2@db.example.com/chat?" + parameters)))
                .singleElement()
                .asString()
                .startsWith("DATABASE_URL has ")
                .doesNotContain("hunter");
        assertThat(DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", "postgresql://localhost/chat?" + parameters)))
                .isNotNull();
    }

    @Test
    void whoSaysWhomToTrustIsTakenAtTheirWord() {
        assertThat(properties("sslmode=require")).isEqualTo(Map.of("sslmode", "require"));
        assertThat(properties("sslrootcert=/ca.pem"))
                .isEqualTo(Map.of("sslmode", "verify-full", "sslrootcert", "/ca.pem"));
        assertThat(properties("sslmode=verify-ca&sslrootcert=/ca.pem"))
                .isEqualTo(Map.of("sslmode", "verify-ca", "sslrootcert", "/ca.pem"));
    }

    private static Map<String, String> properties(String parameters) {
        return DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", "postgresql://db.example.com/chat?" + parameters))
                .properties();
    }

    private static List<String> problems(Map<String, String> variables) {
        return catchThrowableOfType(ConfigException.class, () -> DatabaseConfig.fromEnvironment(variables))
                .problems();
    }

    @Test
    void thePasswordIsNeverPrinted() {
        DatabaseConfig config = DatabaseConfig.of("postgresql://ann:hunter2@localhost/chat?sslpassword=hunter3");
        assertThat(config.toString()).contains("localhost").doesNotContain("hunter");
        assertThat(config.withPoolSize(2).poolSize()).isEqualTo(2);
        assertThat(DatabaseUrl.parse("postgresql://ann:hunter2@localhost/chat").toString())
                .doesNotContain("hunter");
    }
}
