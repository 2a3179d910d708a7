package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real driver of aws-secretsmanager-jdbc against a fake of the two calls it makes. */
@ExtendWith(TestDatabaseExtension.class)
class SecretsManagerTest {
    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";
    private static final Map<String, Object> DESCRIPTION =
            Map.of("ARN", ARN, "Name", "db", "VersionIdsToStages", Map.of("version-1", List.of("AWSCURRENT")));
    private static final Map<String, Object> VALUE = Map.of(
            "ARN", ARN,
            "Name", "db",
            "VersionId", "version-1",
            "VersionStages", List.of("AWSCURRENT"),
            "SecretString", "{\"username\": \"postgres\", \"password\": \"postgres\"}");

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final HttpServer fake;

    SecretsManagerTest() throws IOException {
        fake = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        fake.createContext("/", this::answer);
    }

    @BeforeEach
    void start() {
        fake.start();
        settings().forEach(System::setProperty);
    }

    @AfterEach
    void stop() {
        fake.stop(0);
        settings().keySet().forEach(System::clearProperty);
    }

    @Test
    void userAndPasswordComeFromTheSecret(TestDatabase test) {
        DatabaseConfig config = DatabaseConfig.fromEnvironment(Map.of(
                "RDS_MASTER_SECRET_ARN",
                ARN,
                "DATABASE_URL",
                test.url().replace("postgres:postgres@", "") + "?sslmode=disable"));
        try (Database database = Database.open(config.withPoolSize(1))) {
            database.presence().lastSeen(test.user("ann"));
        }
        assertThat(calls).contains("secretsmanager.GetSecretValue");
    }

    private Map<String, String> settings() {
        return Map.of(
                "aws.endpointUrlSecretsManager",
                        "http://localhost:" + fake.getAddress().getPort(),
                "aws.region", "eu-central-1",
                "aws.accessKeyId", "a-key",
                "aws.secretAccessKey", "a-secret");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String call = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        calls.add(call);
        String json = Json.text(call.endsWith("DescribeSecret") ? DESCRIPTION : VALUE);
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
