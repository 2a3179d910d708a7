package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseConfig.fromEnvironment(Map.of("DATABASE_URL", url)))
                .satisfies(failure -> {
                    assertThat(failure.getMessage())
                            .startsWith("DATABASE_URL ")
                            .endsWith(".")
                            .doesNotContain("\n");
                    assertThat(failure).hasNoCause();
                    assertThat(failure.getMessage()).doesNotContain("hunter");
                });
    }

    @Test
    void aMissingVariableIsOneClearSentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseConfig.fromEnvironment(Map.of()))
                .withMessageStartingWith("DATABASE_URL is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseConfig.fromEnvironment(Map.of("RDS_MASTER_SECRET_ARN", ARN)))
                .withMessageStartingWith("RDS_MASTER_SECRET_ARN needs DATABASE_URL or RDS_ENDPOINT");
    }

    @Test
    void aSecretReplacesTheCredentialsAndAsksForTls() {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(Map.of(
                "RDS_MASTER_SECRET_ARN",
                ARN,
                "DATABASE_URL",
                "postgresql://ann:pw@db.example.com:5432/chat?connectTimeout=7"));
        assertThat(config.url()).isEqualTo("jdbc-secretsmanager:postgresql://db.example.com:5432/chat");
        assertThat(config.user()).isEqualTo(ARN);
        assertThat(config.password()).isNull();
        assertThat(config.properties()).isEqualTo(Map.of("sslmode", "require", "connectTimeout", "7"));
        assertThat(config.fromSecretsManager()).isTrue();
    }

    @Test
    void aSecretNeedsOnlyAnEndpoint() {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(
                Map.of("RDS_MASTER_SECRET_ARN", ARN, "RDS_ENDPOINT", "db.example.com", "RDS_DATABASE", "chat"));
        assertThat(config.url()).isEqualTo("jdbc-secretsmanager:postgresql://db.example.com/chat");
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
