package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Migrations.Status;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.sync.Sync;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.user.UserId;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    private static final UserId ANN = new UserId("ann");

    @Test
    void anEmptyDatabaseIsBroughtToTheNewestVersion() {
        DatabaseConfig empty = TestDatabase.createEmpty();
        assertThat(Migrations.status(empty)).isEqualTo(new Status("0", "6"));
        Migrations.migrate(empty);
        assertThat(Migrations.status(empty)).isEqualTo(new Status("6", "6"));
        assertThat(Migrations.status(empty).isCurrent()).isTrue();
    }

    @Test
    void migratingAgainChangesNothing() {
        DatabaseConfig config = TestDatabase.createEmpty();
        Migrations.migrate(config);
        Migrations.migrate(config);
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
        try (HikariDataSource pool = Pool.openForMigrations(config)) {
            Migrations.flyway(pool).target("1").load().migrate();
            fillVersion1(pool);
        }
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

    /** As the stores of version 1 would have left it. */
    private static void fillVersion1(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
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
