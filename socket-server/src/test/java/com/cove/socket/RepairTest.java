package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Statements;
import com.cove.db.message.Send;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that were stored and that nobody told this server of, as when a call of the hook is lost. */
class RepairTest {
    private TestServer server;
    private ThreadId thread;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("REPAIR_INTERVAL_MS", "100"));
        thread = server.thread("ada", "bob");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theyArriveAllTheSameOnceAndInOrder() {
        TestClient bob = server.connect("bob");
        server.awaitMeter("cove_repaired_total 0.0");

        for (int i = 1; i <= 20; i++) {
            store("message " + i);
        }

        assertThat(seqs(bob, 20)).containsExactlyElementsOf(upTo(20));
        server.awaitMeter("cove_repaired_total 20.0");
        server.awaitMeter("cove_repair_lag_seconds_count 20");
        assertThat(bob.received()).isEmpty();
    }

    @Test
    void thoseToldOfAndThoseNotAreInOneOrder() {
        TestClient ada = server.connect("ada");
        TestClient bob = server.connect("bob");

        for (int i = 1; i <= 30; i++) {
            if (i % 3 == 0) {
                store("by REST, and the hook is lost");
            } else if (i % 3 == 1) {
                server.notifyHook(server.notice(store("by REST")));
            } else {
                ada.send(thread, "by socket");
            }
        }

        assertThat(seqs(bob, 30)).containsExactlyElementsOf(upTo(30));
        assertThat(seqs(ada, 30)).containsExactlyElementsOf(upTo(30));
    }

    @Test
    void nothingIsReadForThreadsOfWhichNobodyIsHere() {
        server.connect("carol");
        TestClient dora = server.connect("dora");
        ThreadId other = server.thread("carol", "dora");
        store("for nobody here");
        server.database
                .database()
                .messages()
                .send(new UserId("carol"), new SendMessage(other, "for somebody here", null));

        assertThat(dora.await("new_message").at("/message/content").asText()).isEqualTo("for somebody here");
        // Their thread and its message.
        server.awaitMeter("cove_repaired_total 2.0");

        // Bob was not here for the first; the second is for him.
        TestClient bob = server.connect("bob");
        store("for bob");
        assertThat(seqs(bob, 1)).containsExactly(2L);
    }

    @Test
    void aHundredThreadsOfWhichNobodyIsHereTakeOneQueryTogether() {
        TestClient bob = server.connect("bob");
        server.awaitMeter("cove_repaired_total 0.0");
        server.database.user("carol");
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sends.add(new Send(
                    new UserId("carol"), new SendMessage(server.thread("carol", "user" + i), "for nobody here", null)));
        }
        sends.add(new Send(new UserId("ada"), new SendMessage(thread, "for bob", null)));
        // Once this has come, the creations have been looked at.
        store("first");
        assertThat(seqs(bob, 1)).containsExactly(1L);
        Statements statements = Statements.of(server.database);

        server.database.database().messages().sendAll(sends);

        assertThat(seqs(bob, 1)).containsExactly(2L);
        List<String> executed =
                statements.take().stream().map(Statements.Executed::sql).toList();
        assertThat(executed).filteredOn(sql -> sql.contains("array_agg")).hasSize(1);
        assertThat(executed)
                .as("messages that were read")
                .filteredOn(sql -> sql.contains("message.seq < ?"))
                .hasSize(1);
    }

    /** A database restored to an earlier state gives out again the seqs that were delivered already. */
    @Test
    void aRestoredDatabaseBeginsAnew() {
        TestClient bob = server.returningClient(server.tokens.issue("bob"), "websocket");
        bob.connect();
        for (int i = 1; i <= 3; i++) {
            store("lost in the disaster");
        }
        assertThat(seqs(bob, 3)).containsExactlyElementsOf(upTo(3));

        server.database.execute("DELETE FROM message; UPDATE thread SET last_seq = 0;"
                + " UPDATE thread_member SET last_read_seq = 0; UPDATE history_epoch SET id = gen_random_uuid()");

        // Its connection ends: what it has seen never was. As a new one it asks.
        bob.await("disconnect");
        bob.await("connect");
        for (int i = 1; i <= 3; i++) {
            store("after the restore");
        }
        assertThat(seqs(bob, 3)).containsExactlyElementsOf(upTo(3));
    }

    /** A failover gives the history another name; nobody's connection ends where nothing was lost. */
    @Test
    void aHistoryThatGoesOnUnderAnotherNameIsFollowed() {
        TestClient bob = server.connect("bob");
        store("before");
        assertThat(seqs(bob, 1)).containsExactly(1L);

        server.database.execute("UPDATE history_epoch SET id = gen_random_uuid()");
        for (int i = 0; i < 3; i++) {
            store("after");
        }

        assertThat(seqs(bob, 3)).containsExactly(2L, 3L, 4L);
        assertThat(bob.received()).isEmpty();
        assertThat(server.connect("ada").id()).isNotEmpty();
    }

    private Message store(String content) {
        return server.database
                .database()
                .messages()
                .send(new UserId("ada"), new SendMessage(thread, content, null))
                .message();
    }

    private static List<Long> seqs(TestClient client, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> client.await("new_message"))
                .map((JsonNode payload) -> payload.at("/message/seq").asLong())
                .toList();
    }

    private static List<Long> upTo(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }
}
