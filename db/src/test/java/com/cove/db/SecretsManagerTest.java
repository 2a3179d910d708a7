package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.aws.Line;
import com.cove.model.aws.Moto;
import com.cove.model.config.AwsSecret;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** User and password from moto's Secrets Manager, in a PostgreSQL that asks for them: from the start to the end of a rotation, and in bad weather. */
@ExtendWith(TestDatabaseExtension.class)
class SecretsManagerTest {
    private static final String REGION = "eu-central-1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Moto moto = Moto.shared();
    private final String user = "u" + UUID.randomUUID().toString().replace("-", "");
    private final TestDatabase test;
    private final Line line;

    SecretsManagerTest(TestDatabase test) throws IOException {
        this.test = test;
        line = Line.open();
        askForPasswords(Path.of(test.ask("SHOW hba_file")));
        test.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'hunter2-first' IN ROLE by_password");
        test.execute("GRANT SELECT ON flyway_schema_history, schema_contract TO by_password");
    }

    @BeforeEach
    void start() {
        // Elsewhere than the secrets: their ARN decides.
        System.setProperty("aws.region", "us-east-1");
    }

    @AfterEach
    void stop() {
        line.close();
        System.clearProperty("aws.region");
        test.execute("DROP ROLE " + user);
    }

    /** Of whom this rule is, PostgreSQL wants a password; everybody else's tests go on without. */
    private void askForPasswords(Path rules) throws IOException {
        if (!Files.readString(rules).contains("by_password")) {
            String before = Files.readString(rules);
            test.execute("CREATE ROLE by_password");
            Files.writeString(
                    rules, "host all +by_password all scram-sha-256\n" + before, StandardOpenOption.TRUNCATE_EXISTING);
            test.execute("SELECT pg_reload_conf()");
        }
    }

    @Test
    void userAndPasswordComeFromTheSecretInTheRegionOfItsArn() {
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        try (Database database = open(arn)) {
            database.check();
        }
        assertThat(line.calls()).containsOnly("GetSecretValue " + REGION);
    }

    /** As Amazon's function does it: the password first, and then the secret. What is connected goes on, what connects in between waits. */
    @Test
    void oneUsersPasswordIsRotated() {
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        try (Database database = open(arn);
                LoggedLines lines = new LoggedLines()) {
            database.check();

            password(user, "hunter2-second");
            assertThatCode(database::check).as("on the open connection").doesNotThrowAnyException();

            disconnect(user);
            assertThatThrownBy(database::check).isInstanceOf(AppException.class);
            moto.put(REGION, arn, credentials(user, "hunter2-second"));
            awaitCheck(database);

            assertThat(lines.of("no connection to the database"))
                    .singleElement()
                    .asString()
                    .contains("PostgreSQL refuses the user or the password of the secret of RDS_MASTER_SECRET_ARN");
            assertThat(lines.all()).doesNotContain("hunter2", user);
        }
    }

    @Test
    void theSecretMayBeAheadOfThePassword() {
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        try (Database database = open(arn)) {
            database.check();

            moto.put(REGION, arn, credentials(user, "hunter2-second"));
            disconnect(user);
            // With the old one, which is known: nobody refused it.
            awaitCheck(database);

            password(user, "hunter2-second");
            disconnect(user);
            awaitCheck(database);
        }
    }

    /** The other strategy of Amazon's: a second user, and the first one's password goes with the rotation after. */
    @Test
    void twoUsersTakeTurns() {
        String clone = user + "_c";
        test.execute("CREATE ROLE " + clone + " LOGIN PASSWORD 'hunter2-clone' IN ROLE by_password");
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        try (Database database = open(arn)) {
            database.check();

            moto.put(REGION, arn, credentials(clone, "hunter2-clone"));
            disconnect(user);
            awaitCheck(database);

            password(user, "hunter2-revoked");
            disconnect(user);
            awaitCheck(database);
            assertThat(connected(clone)).isTrue();
        } finally {
            disconnect(clone);
            test.execute("DROP ROLE " + clone);
        }
    }

    @Test
    void withoutSecretsManagerItStartsAndSaysSo() {
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        line.fallSilent();
        try (LoggedLines lines = new LoggedLines();
                Database database = open(arn)) {
            assertThat(database.condition()).isEqualTo(Condition.DOWN);
            assertThatThrownBy(database::check).isInstanceOf(AppException.class);
            await(() -> !lines.of("no connection to the database").isEmpty());
            assertThat(lines.of("no connection to the database"))
                    .singleElement()
                    .asString()
                    .contains("The secret of RDS_MASTER_SECRET_ARN cannot be read: Secrets Manager does not answer");

            line.heal();
            awaitCheck(database);
            assertThat(database.condition()).isEqualTo(Condition.UP);
        }
    }

    @Test
    void whatIsKnownIsUsedWithoutSecretsManager() {
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        try (Database database = open(arn)) {
            database.check();
            int calls = line.calls().size();

            line.fallSilent();
            disconnect(user);
            awaitCheck(database);

            assertThat(line.calls()).hasSize(calls);
        }
    }

    /** Also after the hour in which it is not asked for again. */
    @Test
    void whatIsKnownIsUsedUntilThereIsSomethingBetter() {
        AtomicLong now = new AtomicLong();
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        DatabaseSecret secret = secret(arn, now);
        String first = secret.getSecretString(arn);

        now.addAndGet(Duration.ofMinutes(61).toNanos());
        line.refuse(400, "AccessDeniedException");
        assertThat(secret.getSecretString(arn)).isEqualTo(first);
        assertThat(secret.fault()).isPresent();

        now.addAndGet(Duration.ofMinutes(61).toNanos());
        line.heal();
        moto.put(REGION, arn, credentials(user, "hunter2-second"));
        assertThat(secret.getSecretString(arn)).contains("hunter2-second");
        assertThat(secret.fault()).isEmpty();
    }

    @Test
    void connectingWithinTheHourAsksNobody() {
        AtomicLong now = new AtomicLong();
        String arn = moto.create(REGION, credentials(user, "hunter2-first"));
        DatabaseSecret secret = secret(arn, now);
        String first = secret.getSecretString(arn);
        int calls = line.calls().size();
        for (int i = 0; i < 59; i++) {
            now.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(secret.getSecretString(arn)).isEqualTo(first);
        }
        assertThat(line.calls()).hasSize(calls);
    }

    @Test
    void aWrongPasswordAsksSecretsManagerEveryTwoSecondsAtMost() {
        AtomicLong now = new AtomicLong();
        String arn = moto.create(REGION, credentials(user, "hunter2-wrong"));
        DatabaseSecret secret = secret(arn, now);
        secret.getSecretString(arn);
        int calls = line.calls().size();
        for (int i = 0; i < 40; i++) {
            now.addAndGet(Duration.ofMillis(100).toNanos());
            assertThat(secret.refreshNow(arn)).isFalse();
        }
        assertThat(line.calls()).hasSize(calls + 2);
    }

    @Test
    void aSecretForAnotherHostIsNamedOnlyWherePostgresRefuses() {
        String arn = moto.create(
                REGION,
                Json.text(Map.of("username", user, "password", "hunter2-wrong", "host", "elsewhere.example.com")));
        try (LoggedLines lines = new LoggedLines();
                Database database = open(arn)) {
            assertThatThrownBy(database::check).isInstanceOf(AppException.class);
            assertThat(lines.of("no connection to the database"))
                    .singleElement()
                    .asString()
                    .contains("it says that it is for another host")
                    .doesNotContain("elsewhere");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "",
                "[]",
                "{}",
                "\"hunter2\"",
                "{\"username\": \"hunter2\"}",
                "{\"password\": \"hunter2\"}",
                "{\"username\": \"\", \"password\": \"hunter2\"}",
                "{\"username\": \"cove\", \"password\": 2}",
                "{\"username\": \"cove\", \"password\": {\"hunter2\": \"x\"}}",
                "{\"username\": \"cove\", \"password\": \"hunter2\", \"engine\": \"mysql\"}",
                "{\"username\": \"cove\", \"password\": \"hunter2\"",
            })
    void aMalformedSecretIsOneClearSentence(String text) {
        String arn = moto.create(REGION, text.isEmpty() ? " " : text);
        assertThatThrownBy(() -> secret(arn, new AtomicLong()).getSecretString(arn))
                .isInstanceOf(UnreadableSecret.class)
                .hasMessageMatching("The secret of RDS_MASTER_SECRET_ARN is .+")
                .hasMessageNotContaining("hunter")
                .hasNoCause();
    }

    @Test
    void bytesAreNoSecret() {
        String arn = moto.createBinary(REGION, "aHVudGVyMg==");
        assertThatThrownBy(() -> secret(arn, new AtomicLong()).getSecretString(arn))
                .hasMessage("The secret of RDS_MASTER_SECRET_ARN holds bytes, not text");
    }

    @Test
    void aSecretThatIsNotThereIsOneClearSentence() {
        String absent = Moto.arnOf(REGION, "absent");
        assertThatThrownBy(() -> secret(absent, new AtomicLong()).getSecretString(absent))
                .hasMessage("The secret of RDS_MASTER_SECRET_ARN cannot be read: there is no such secret in"
                        + " eu-central-1 (ResourceNotFoundException)");
        String deleted = moto.create(REGION, "{}");
        moto.delete(REGION, deleted);
        assertThatThrownBy(() -> secret(deleted, new AtomicLong()).getSecretString(deleted))
                .hasMessageStartingWith(
                        "The secret of RDS_MASTER_SECRET_ARN cannot be read: it is about to be deleted, or");
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, secretsmanager:GetSecretValue",
        "400, DecryptionFailure, kms:Decrypt",
        "400, ThrottlingException, asked too often",
        "400, UnrecognizedClientException, does not take the credentials",
        "500, InternalServiceError, a fault of its own",
        "418, Unheard, refused",
    })
    void aRefusalOfAwsIsOneClearSentence(int status, String code, String reason) {
        line.refuse(status, code);
        String arn = Moto.arnOf(REGION, "any");
        assertThatThrownBy(() -> secret(arn, new AtomicLong()).getSecretString(arn))
                .hasMessageStartingWith("The secret of RDS_MASTER_SECRET_ARN cannot be read: ")
                .hasMessageContaining(reason)
                .hasMessageEndingWith("(" + code + ")")
                .hasMessageNotContaining("hunter")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>hunter2</html>", "", "{}", "{\"SecretString\": 5}"})
    void nonsenseIsOneClearSentence(String answer) {
        line.answer(answer);
        String arn = Moto.arnOf(REGION, "any");
        assertThatThrownBy(() -> secret(arn, new AtomicLong()).getSecretString(arn))
                .isInstanceOf(UnreadableSecret.class)
                .hasMessageStartingWith("The secret of RDS_MASTER_SECRET_ARN ")
                .hasMessageNotContaining("hunter")
                .hasNoCause();
    }

    @Test
    void withoutALineToItThatIsOneClearSentence() {
        line.close();
        System.setProperty("aws.endpointUrlSecretsManager", "http://127.0.0.1:1");
        System.setProperty("aws.accessKeyId", "a-key");
        System.setProperty("aws.secretAccessKey", "a-secret");
        String arn = Moto.arnOf(REGION, "any");
        assertThatThrownBy(() -> secret(arn, new AtomicLong()).getSecretString(arn))
                .hasMessageContaining("Secrets Manager cannot be reached");
    }

    private Database open(String arn) {
        return Database.open(DatabaseConfig.fromEnvironment(Map.of(
                        "RDS_MASTER_SECRET_ARN",
                        arn,
                        "DATABASE_URL",
                        test.url().replace("postgres:postgres@", "left:unused@")))
                .withPoolSize(1));
    }

    private static DatabaseSecret secret(String arn, AtomicLong now) {
        return DatabaseSecret.of(new AwsSecret("RDS_MASTER_SECRET_ARN", arn), now::get);
    }

    private static String credentials(String user, String password) {
        return Json.text(Map.of("username", user, "password", password, "engine", "postgres"));
    }

    private void password(String of, String password) {
        test.execute("ALTER ROLE " + of + " PASSWORD '" + password + "'");
    }

    private void disconnect(String of) {
        test.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" + of + "'");
    }

    private boolean connected(String who) {
        return !test.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + who + "'")
                .equals("0");
    }

    /** Each check waits up to two seconds for a connection; so it is no busy loop. */
    private static void awaitCheck(Database database) {
        await(() -> {
            try {
                database.check();
                return true;
            } catch (AppException e) {
                return false;
            }
        });
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }
}
