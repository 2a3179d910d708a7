package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Database;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first message that a server sees of a thread may have overtaken others. */
class OvertakenTest {
    private TestServer server;
    private ThreadId thread;
    private Database database;

    /** One look for lost messages, at the start: no other one does what is tested. */
    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("REPAIR_INTERVAL_MS", "60000"));
        thread = server.thread("ada", "bob");
        database = server.database.database();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void itBringsThemAlong() {
        TestClient bob = server.connect("bob");
        Message early = store("told late");
        Message late = store("told first");

        server.notifyHook(server.notice(late));
        server.notifyHook(server.notice(early));

        assertThat(seq(bob)).isEqualTo(1);
        assertThat(seq(bob)).isEqualTo(2);
    }

    @Test
    void whoConnectsAfterThemIsNotSentThem() {
        store("before bob came");
        TestClient bob = server.connect("bob");

        server.notifyHook(server.notice(store("after")));

        assertThat(seq(bob)).isEqualTo(2);
    }

    @Test
    void theyAreReadLaterWhereTheyCannotBeReadNow() {
        TestClient bob = server.connect("bob");
        Message early = store("told late");
        Message late = store("told first");
        String lateNotice = server.notice(late);
        String earlyNotice = server.notice(early);
        server.database.execute("ALTER TABLE message RENAME TO away");

        server.notifyHook(lateNotice);
        server.database.execute("ALTER TABLE away RENAME TO message");
        server.notifyHook(earlyNotice);

        assertThat(seq(bob)).isEqualTo(1);
        assertThat(seq(bob)).isEqualTo(2);
    }

    private Message store(String content) {
        return database.messages()
                .send(new UserId("ada"), new SendMessage(thread, content, null))
                .message();
    }

    private static long seq(TestClient client) {
        return client.await("new_message").at("/message/seq").asLong();
    }
}
