package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.db.Migrations.Outcome;
import com.cove.db.Migrations.Status;
import com.cove.db.schema.SchemaGate;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.sync.Sync;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.user.UserId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.assertj.core.api.AbstractStringAssert;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
    private static final UserId ANN = new UserId("ann");

    @Test
    void anEmptyDatabaseIsBroughtToTheNewestVersion() {
        DatabaseConfig empty = TestDatabase.createEmpty();
        assertThat(Migrations.status(empty)).isEqualTo(new Status(0, SchemaGate.PROGRAM));
        assertThat(Migrations.migrate(empty)).isEqualTo(new Outcome(0, SchemaGate.PROGRAM));
        assertThat(Migrations.status(empty)).isEqualTo(new Status(SchemaGate.PROGRAM, SchemaGate.PROGRAM));
        assertThat(Migrations.status(empty).isCurrent()).isTrue();
    }

    @Test
    void migratingAgainChangesNothing() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        assertThat(Migrations.migrate(config)).isEqualTo(new Outcome(SchemaGate.PROGRAM, SchemaGate.PROGRAM));
        assertThat(Migrations.status(config).isCurrent()).isTrue();
    }

    @Test
    void severalProgramsMayMigrateAtOnce() throws Exception {
        DatabaseConfig config = TestDatabase.createEmpty();
        Callable<Boolean> migrate = () -> {
            Migrations.migrate(config);
            return true;
        };
        assertThat(Conversation.atOnce(Collections.nCopies(4, migrate))).doesNotContain(false);
        assertThat(Migrations.status(config).isCurrent()).isTrue();
    }

    @Test
    void aFilledDatabaseKeepsWhatItHolds() throws SQLException {
        DatabaseConfig config = TestDatabase.createEmpty();
        Schemas.migrateTo(config, "1");
        fillVersion1(Pool.forMigrations(config));
        Migrations.migrate(config);
        try (Database database = Database.open(config.withPoolSize(2))) {
            var list = database.threads().list(ANN, new ListThreads(null, null));
            ChatThread thread = list.threads().getFirst();
            assertThat(thread.lastSeq()).isEqualTo(2);
            assertThat(thread.unreadCount()).isEqualTo(1);
            assertThat(Conversation.messages(database, thread.id()))
                    .extracting(Message::content)
                    .containsExactly("one", "two");
            Message sent = database.messages()
                    .send(ANN, new SendMessage(thread.id(), "three", null))
                    .message();
            assertThat(sent.seq()).isEqualTo(3);
            assertThat(database.sync()
                            .changes(ANN, new Sync(list.cursor(), null))
                            .messages())
                    .isEqualTo(List.of(sent));
        }
    }

    @Test
    void whoCannotConnectIsToldWhy() {
        String url = urlOf(TestDatabase.createEmpty());
        assertFails(DatabaseConfig.of("postgresql://ann:pw@localhost:1/chat"))
                .startsWith("The database cannot be reached");
        assertFails(DatabaseConfig.of(url.replace("postgres:postgres@", "nobody:secret@")))
                .isEqualTo("The database cannot be reached: PostgreSQL refuses the user or the password.");
        assertFails(DatabaseConfig.of(url + "_of_nobody"))
                .isEqualTo("The database cannot be reached: PostgreSQL has no database of that name.");
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForForEver() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertFails(DatabaseConfig.of(
                            "postgresql://ann:pw@localhost:" + silent.getLocalPort() + "/chat?loginTimeout=1"))
                    .startsWith("The database cannot be reached");
        }
    }

    @Test
    void aUserWithoutRightsIsToldSo() {
        DatabaseConfig config = TestDatabase.createEmpty();
        TestDatabase.administer(
                "DO $$ BEGIN CREATE ROLE migrations_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        assertFails(DatabaseConfig.of(urlOf(config).replace("postgres:postgres@", "migrations_reader@")))
                .startsWith("The database's user may not change the schema: permission denied for schema public");
    }

    @Test
    void aMigrationThatWasChangedIsNamed() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Schemas.execute(config, "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '3'");
        assertFails(config).startsWith("Migration 3 is not the one that was applied to this database");
    }

    @Test
    void aMigrationThatFailsIsUndoneAndNamed(@TempDir Path folder) throws IOException {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        String more = Schemas.migration(folder, "V90__broken.sql", "CREATE TABLE half (id int); SELECT 1 / 0;");
        assertFails(config, "classpath:db/migration", more)
                .startsWith("Migration 90 failed and was undone")
                .endsWith("division by zero");
        assertThat(Schemas.ask(config, "SELECT to_regclass('half') IS NULL")).isEqualTo("t");
        assertThat(Migrations.status(config)).isEqualTo(new Status(SchemaGate.PROGRAM, SchemaGate.PROGRAM));
    }

    /** What cannot be done in a transaction, such as an index made while others write, can fail halfway. */
    @Test
    void aMigrationThatFailedHalfwayHasToBeSetRightByHand(@TempDir Path folder) throws IOException {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Schemas.execute(config, "INSERT INTO app_user (id, name) VALUES ('ann', 'same'), ('bob', 'same')");
        String more = Schemas.migration(
                folder, "V90__halfway.sql", "CREATE UNIQUE INDEX CONCURRENTLY one_name_each ON app_user (name);");
        assertFails(config, "classpath:db/migration", more)
                .startsWith("Migration 90, which is no transaction, failed halfway")
                .endsWith("could not create unique index \"one_name_each\"");
        assertFails(config, "classpath:db/migration", more)
                .startsWith("Migration 90, which is no transaction, failed halfway");
    }

    @Test
    void aLockIsNotWaitedForForLong(@TempDir Path folder) throws Exception {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        String waits = Schemas.migration(folder, "V90__waits.sql", """
                CREATE TABLE patience AS SELECT current_setting('lock_timeout') AS it;
                """);
        Migrations.migrate(config, "classpath:db/migration", waits);
        assertThat(Schemas.ask(config, "SELECT it FROM patience")).isEqualTo("5s");

        String locked = Schemas.migration(folder, "V91__locked.sql", """
                SET LOCAL lock_timeout = '50ms';
                ALTER TABLE app_user ADD COLUMN more text;
                """);
        try (Connection reader = Pool.forMigrations(config).getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM app_user");
            assertFails(config, "classpath:db/migration", locked).startsWith("Something holds a lock on a table");
        }
    }

    @Test
    void aNewerSchemaThatStillServesUsIsLeftAlone(@TempDir Path folder) throws IOException {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Schemas.add(config, folder, "V90__more.sql", "ALTER TABLE app_user ADD COLUMN more text;");
        assertThat(Migrations.migrate(config)).isEqualTo(new Outcome(90, 90));
    }

    @Test
    void aNewerSchemaThatServesUsNoMoreIsAFailure(@TempDir Path folder) throws IOException {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Schemas.add(config, folder, "V90__less.sql", "UPDATE schema_contract SET serves_from = 90;");
        assertFails(config)
                .isEqualTo("The schema is at version 90 and serves programs from version 90 on,"
                        + " and this one is of version " + SchemaGate.PROGRAM + ": start a newer release.");
    }

    @Test
    void theNumberOfThisProgramIsThatOfItsNewestMigration() {
        DatabaseConfig config = TestDatabase.createEmpty();
        MigrationInfo[] all =
                Migrations.flyway(Pool.forMigrations(config)).load().info().pending();
        assertThat(all[all.length - 1].getVersion().getVersion()).isEqualTo(Integer.toString(SchemaGate.PROGRAM));
    }

    @Test
    void theReleaseBeforeIsServed() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        assertThat(Integer.parseInt(Schemas.ask(config, "SELECT serves_from FROM schema_contract")))
                .isLessThan(SchemaGate.PROGRAM);
    }

    private static AbstractStringAssert<?> assertFails(DatabaseConfig config, String... locations) {
        MigrationException failure = catchThrowableOfType(
                MigrationException.class,
                () -> Migrations.migrate(
                        config, locations.length == 0 ? new String[] {"classpath:db/migration"} : locations));
        assertThat(failure).isNotNull();
        return assertThat(failure.getMessage()).doesNotContain("\n");
    }

    private static String urlOf(DatabaseConfig config) {
        return "postgresql://postgres:postgres@"
                + config.url().substring(config.url().indexOf("//") + 2);
    }

    /** As the stores of version 1 would have left it. */
    private static void fillVersion1(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO app_user (id, name) VALUES ('ann', 'Ann'), ('bob', NULL);
                    INSERT INTO thread (id, kind, direct_low, direct_high, created_by, last_seq, created_at, updated_at)
                    VALUES ('01900000-0000-7000-8000-000000000001', 'direct', 'ann', 'bob', 'ann', 2, now(), now());
                    INSERT INTO thread_member (thread_id, user_id, role, last_read_seq, joined_at)
                    SELECT id, unnest(ARRAY['ann', 'bob']), 'member', 1, now() FROM thread;
                    INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
                    SELECT gen_random_uuid(), thread.id, new.seq, 'bob', new.content, now()
                    FROM thread, (VALUES (1, 'one'), (2, 'two')) new (seq, content);
                    INSERT INTO message_read (message_id, user_id, read_at) SELECT id, 'ann', now() FROM message WHERE seq = 1;
                    INSERT INTO device (user_id, device_id, fcm_token, updated_at) VALUES ('ann', 'default', 'token', now());
                    """);
        }
    }
}
