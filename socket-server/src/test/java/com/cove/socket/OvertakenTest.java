package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.hook.Delivery;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first message that a server sees of a thread may have overtaken others. */
class OvertakenTest {
    private static final List<UserId> BOTH = List.of(new UserId("ada"), new UserId("bob"));

    private TestServer server;
    private ThreadId thread;
    private Database database;
    private @Nullable Database behind;

    /** One look for lost messages, at the start: no other one does what is tested. */
    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("REPAIR_INTERVAL_MS", "60000"));
        thread = server.thread("ada", "bob");
        database = server.database.database();
    }

    @AfterEach
    void stop() {
        server.stop();
        if (behind != null) {
            behind.close();
        }
        server.close();
    }

    @Test
    void itBringsThemAlongWhereTheClockHereIsAheadOfTheDatabases() throws Exception {
        turnBackTheDatabasesClock();
        TestClient bob = server.connect("bob");
        Message early = store("told late");
        Message late = store("told first");
        assertThat(late.createdAt()).isBefore(Instant.now().minusSeconds(2));

        server.notifyHook(notice(late));
        server.notifyHook(notice(early));

        assertThat(seq(bob)).isEqualTo(1);
        assertThat(seq(bob)).isEqualTo(2);
    }

    @Test
    void whoConnectsAfterThemIsNotSentThemWhateverTheClocks() throws Exception {
        turnBackTheDatabasesClock();
        store("before bob came");
        TestClient bob = server.connect("bob");

        server.notifyHook(notice(store("after")));

        assertThat(seq(bob)).isEqualTo(2);
    }

    @Test
    void theyAreReadLaterWhereTheyCannotBeReadNow() {
        TestClient bob = server.connect("bob");
        Message early = store("told late");
        Message late = store("told first");
        server.database.execute("ALTER TABLE message RENAME TO away");

        server.notifyHook(notice(late));
        server.database.execute("ALTER TABLE away RENAME TO message");
        server.notifyHook(notice(early));

        assertThat(seq(bob)).isEqualTo(1);
        assertThat(seq(bob)).isEqualTo(2);
    }

    /** The server's connections, and those that messages are stored by, find another clock_timestamp() than PostgreSQL's. */
    private void turnBackTheDatabasesClock() throws Exception {
        server.database.execute("""
                CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
                    'SELECT pg_catalog.clock_timestamp() - make_interval(secs => 3)';
                UPDATE thread SET updated_at = updated_at - make_interval(secs => 3)
                """);
        behind = Database.open(
                DatabaseConfig.of(server.database.url() + "?options=-c%20search_path%3Dpublic,pg_catalog"));
        database = behind;
        server.restartWith(behind);
        await().until(() -> server.metrics().contains("cove_database_clock_seconds -3."));
    }

    private Message store(String content) {
        return database.messages()
                .send(new UserId("ada"), new SendMessage(thread, content, null))
                .message();
    }

    private static long seq(TestClient client) {
        return client.await("new_message").at("/message/seq").asLong();
    }

    private static String notice(Message message) {
        return new Delivery(BOTH, new NewMessage(message)).toJson();
    }
}
