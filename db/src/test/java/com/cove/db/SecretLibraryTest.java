package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import com.amazonaws.secretsmanager.sql.AWSSecretsManagerPostgreSQLDriver;
import com.cove.model.aws.Line;
import com.cove.model.aws.Moto;
import java.io.IOException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** What {@link DatabaseSecret} replaces in aws-secretsmanager-jdbc. Where one of these fails, the library has been mended: see whether it is still needed. */
@ExtendWith(TestDatabaseExtension.class)
class SecretLibraryTest {
    private final Line line;
    private final String url;

    SecretLibraryTest(TestDatabase test) throws IOException {
        line = Line.open();
        url = test.config().url().replaceFirst("^jdbc:", "jdbc-secretsmanager:");
    }

    @BeforeEach
    void start() {
        System.setProperty("aws.region", "us-east-1");
    }

    @AfterEach
    void stop() {
        line.close();
        System.clearProperty("aws.region");
    }

    @Test
    void itLooksInTheRegionOfTheProgram() {
        assertThatThrownBy(() -> connect(Moto.arnOf("eu-central-1", "any")));
        assertThat(line.calls()).contains("DescribeSecret us-east-1");
    }

    @Test
    void itSaysNothingOfASecretWithoutUser() {
        assertThatThrownBy(() -> connect(Moto.shared().create("us-east-1", "{}")))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void itTriesARefusedPasswordAgainAndAgain() {
        String arn = Moto.shared().create("us-east-1", "{\"username\": \"nobody\", \"password\": \"none\"}");
        assertThatThrownBy(() -> connect(arn)).hasMessageContaining("reached max connection retries");
        assertThat(line.calls().stream().filter(call -> call.startsWith("DescribeSecret")))
                .hasSizeGreaterThan(5);
    }

    private void connect(String arn) throws SQLException {
        Driver driver = new AWSSecretsManagerPostgreSQLDriver(new SecretCacheConfiguration()
                .withClient(SecretsManagerClient.create())
                .withForceRefreshJitterMillis(2));
        DriverManager.deregisterDriver(driver);
        Properties properties = new Properties();
        properties.setProperty("user", arn);
        driver.connect(url, properties).close();
    }
}
