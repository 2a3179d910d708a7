package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.db.schema.SchemaGate;
import com.cove.db.schema.UnknownSchemaException;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stores do at a schema that is not theirs. */
class UnknownSchemaTest {
    @Test
    void nothingIsDoneAtAnOlderSchemaUntilItIsBroughtUpToDate() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Schemas.migrateTo(config, "6");
        try (Database database = Database.open(config.withPoolSize(2))) {
            assertRefused(database);
            assertThat(database.condition()).isEqualTo(Condition.UNKNOWN_SCHEMA);
            assertThat(Schemas.ask(config, "SELECT count(*) FROM app_user")).isEqualTo("0");
            assertThatThrownBy(database::requireKnownSchema)
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageStartingWith(
                            "The schema is at version 6, and this program needs version " + SchemaGate.PROGRAM);

            Migrations.migrate(config);

            assertThat(database.condition()).isEqualTo(Condition.UP);
            provision(database);
        }
    }

    @Test
    void anEmptyDatabaseIsNoSchema() {
        try (Database database = Database.open(TestDatabase.createEmpty().withPoolSize(1))) {
            assertThatCode(database::check).as("it is there").doesNotThrowAnyException();
            assertThatThrownBy(database::requireKnownSchema).hasMessageContaining("no schema yet");
            assertRefused(database);
        }
    }

    @Test
    void aMigrationThatFailedHalfwayDoesNotCount() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Schemas.execute(
                config,
                "UPDATE flyway_schema_history SET success = false WHERE version = '" + SchemaGate.PROGRAM + "'");
        try (Database database = Database.open(config.withPoolSize(1))) {
            assertThatThrownBy(database::requireKnownSchema)
                    .hasMessageContaining("at version " + (SchemaGate.PROGRAM - 1));
        }
    }

    @Test
    void aNewerSchemaServesUsUntilItSaysOtherwise(@TempDir Path folder) throws IOException {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Schemas.add(config, folder, "V90__more.sql", "ALTER TABLE app_user ADD COLUMN more text;");
        try (Database database = Database.open(config.withPoolSize(1))) {
            database.requireKnownSchema();
            provision(database);
            Schemas.add(config, folder, "V91__less.sql", "UPDATE schema_contract SET serves_from = 90;");
            assertThat(database.condition()).isEqualTo(Condition.UNKNOWN_SCHEMA);
            assertRefused(database);
        }
    }

    @Test
    void aUserWhoMayNotReadItIsToldWhatToGrant() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        TestDatabase.administer(
                "DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        String url = config.url().replace("jdbc:postgresql://", "postgresql://stranger@");
        try (Database database = Database.open(DatabaseConfig.of(url).withPoolSize(1))) {
            assertThatThrownBy(database::requireKnownSchema).hasMessageContaining("GRANT SELECT");
        }
    }

    @Test
    void theAnswerIsAskedForAgainAfterMinutesAndAfterSecondsWhereItWasNo() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (Database database = Database.open(config.withPoolSize(1))) {
            Jdbi jdbi = database.jdbi();
            SchemaGate gate = new SchemaGate(jdbi, now::get);
            gate.pass();
            Schemas.execute(config, "UPDATE schema_contract SET serves_from = 90");
            gate.pass();
            now.updateAndGet(then -> then.plus(Duration.ofMinutes(5)));
            assertThatThrownBy(gate::pass).isInstanceOf(AppException.class);
            Schemas.execute(config, "UPDATE schema_contract SET serves_from = 5");
            assertThatThrownBy(gate::pass).isInstanceOf(AppException.class);
            now.updateAndGet(then -> then.plus(Duration.ofSeconds(5)));
            gate.pass();
            now.set(Instant.EPOCH);
            Schemas.execute(config, "UPDATE schema_contract SET serves_from = 90");
            assertThatThrownBy(gate::pass).as("a clock that went back").isInstanceOf(AppException.class);
        }
    }

    private static void provision(Database database) {
        database.users().provision(new UserProfile(new UserId("ann"), "Ann", null));
    }

    private static void assertRefused(Database database) {
        assertThatThrownBy(() -> provision(database))
                .isInstanceOfSatisfying(
                        AppException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
