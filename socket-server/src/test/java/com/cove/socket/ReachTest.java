package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.FakeTokens;
import com.cove.db.TestDatabase;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whom a node reports as reached: ada's messages are stored, bob has a device for pushes and is connected or not. A frame {@code 2}
 * is a question, {@code 3} its answer.
 */
class ReachTest {
    private static final String QUESTION = "2";
    private static final String ANSWER = "3";
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final TestDatabase database = TestDatabase.create();
    private final FakeTokens tokens = new FakeTokens();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final UserId ada = database.user("ada");
    private final UserId bob = database.user("bob");
    private final ThreadId thread = database.database()
            .threads()
            .create(ada, new CreateThread(List.of(bob), null))
            .thread()
            .id();

    private ReachNode start(Duration patience) throws IOException {
        database.database().devices().update(bob, new UpdateFcmToken("bob's token", "phone"));
        ReachNode node = new ReachNode(database.database(), tokens, patience);
        open.add(node);
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        database.close();
    }

    /** Who answers every question. */
    private RawSocket answering(ReachNode node) {
        return opened(RawSocket.connect(node.port(), tokens.issue("bob")));
    }

    private RawSocket silent(ReachNode node) {
        return opened(RawSocket.connectSilent(node.port(), tokens.issue("bob")));
    }

    private RawSocket opened(RawSocket socket) {
        open.add(socket);
        return socket;
    }

    /** Stores a message of ada's; the id of its transaction. */
    private long say(String content) {
        Message message = database.database()
                .messages()
                .send(ada, new SendMessage(thread, content, null))
                .message();
        return Long.parseLong(database.ask(
                "SELECT changed FROM message WHERE id = '" + message.id().value() + "'"));
    }

    /** Below which transaction everything has reached bob; 0 where nothing was reported. */
    private long reached() {
        return Long.parseLong(
                database.ask("SELECT coalesce(max(below::text::bigint), 0) FROM reach WHERE user_id = 'bob'"));
    }

    /** Below which transaction all was reported of whom it reached; 0 where nothing was reported. */
    private long reported() {
        return Long.parseLong(database.ask("SELECT coalesce(max(below::text::bigint), 0) FROM reach_node"));
    }

    private void awaitReached(long transaction) {
        await().until(() -> reached() > transaction);
    }

    private void awaitReported(long transaction) {
        await().until(() -> reported() > transaction);
    }

    private static void assertNews(RawSocket client, String content) {
        assertThat(client.next()).startsWith("42[\"new_message\"").contains(content);
    }

    /** Answers what a connection is asked when it begins. */
    private RawSocket settled(RawSocket client) {
        assertThat(client.next()).isEqualTo(QUESTION);
        client.send(ANSWER);
        return client;
    }

    /** More than one look, each of which finds a message, with time between to ask and to report. */
    private void seeLooks(RawSocket client) {
        for (int i = 0; i < 6; i++) {
            say("later");
            assertNews(client, "later");
        }
    }

    @Test
    void whoAnswersIsReached() throws IOException {
        ReachNode node = start(FOR_EVER);
        answering(node);
        awaitReached(say("hello"));
        assertThat(node.pings()).isPositive();
    }

    @Test
    void whoDoesNotAnswerIsNotReachedAndWaitedForOnlyAMoment() throws IOException {
        RawSocket client = silent(start(MOMENT));
        assertThat(client.next()).isEqualTo(QUESTION);

        long message = say("hello");
        assertNews(client, "hello");
        awaitReported(message);

        assertThat(reached()).isZero();
    }

    @Test
    void whoDoesNotAnswerYetIsWaitedFor() throws IOException {
        RawSocket client = settled(silent(start(FOR_EVER)));
        long first = say("first");
        assertNews(client, "first");
        assertThat(client.next()).isEqualTo(QUESTION);
        seeLooks(client);
        assertThat(reported()).isLessThanOrEqualTo(first);
        assertThat(reached()).isLessThanOrEqualTo(first);

        client.send(ANSWER);
        awaitReached(first);
        awaitReported(first);
    }

    @Test
    void oneOfSeveralDevicesIsEnough() throws IOException {
        ReachNode node = start(FOR_EVER);
        for (int i = 0; i < 4; i++) {
            assertThat(silent(node).next()).isEqualTo(QUESTION);
        }
        answering(node);

        long message = say("hello");
        awaitReached(message);
        awaitReported(message);
    }

    @Test
    void anAnswerSaysNothingOfWhatWasSentAfterTheQuestion() throws IOException {
        RawSocket client = settled(silent(start(FOR_EVER)));
        long first = say("first");
        assertNews(client, "first");
        assertThat(client.next()).isEqualTo(QUESTION);
        long second = say("second");
        assertNews(client, "second");
        seeLooks(client);

        client.send(ANSWER);
        awaitReached(first);
        assertThat(client.next()).isEqualTo(QUESTION);
        assertThat(reached()).isLessThanOrEqualTo(second);

        client.send(ANSWER);
        awaitReached(second);
    }

    @Test
    void whatATransactionThatRunsMayPrecedeIsNotReachedYet() throws Exception {
        RawSocket client = settled(silent(start(FOR_EVER)));
        long before = say("before");
        assertNews(client, "before");
        settled(client);
        awaitReached(before);
        long message;
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            message = say("meanwhile");
            assertNews(client, "meanwhile");
            // Without a question between.
            seeLooks(client);
            assertThat(reached()).isLessThanOrEqualTo(message);
            assertThat(reported()).isLessThanOrEqualTo(message);
            other.rollback();
        }
        settled(client);
        awaitReached(message);
    }

    @Test
    void whoConnectsHasWhatWasStoredBefore() throws IOException {
        ReachNode node = start(FOR_EVER);
        long message = say("before");
        awaitReported(message);
        assertThat(reached()).isZero();

        RawSocket client = silent(node);
        assertThat(client.next()).isEqualTo(QUESTION);
        assertThat(reached()).isZero();
        client.send(ANSWER);
        awaitReached(message);
    }

    @Test
    void whoHasNoDeviceIsNotAsked() throws IOException {
        ReachNode node = start(FOR_EVER);
        database.database().devices().update(bob, new UpdateFcmToken(null, "phone"));
        RawSocket client = silent(node);
        long message = say("first");
        assertNews(client, "first");
        awaitReported(message);
        say("second");

        assertNews(client, "second");
        assertThat(node.pings()).isZero();
    }

    @Test
    void whatCannotBeReportedIsReportedLater() throws IOException {
        ReachNode node = start(FOR_EVER);
        answering(node);
        database.execute("""
                CREATE SEQUENCE attempts;
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM nextval('attempts'); RAISE EXCEPTION 'not now'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON reach_node FOR EACH ROW EXECUTE FUNCTION refuse()""");
        long message = say("hello");
        await().until(() -> Long.parseLong(database.ask("SELECT last_value FROM attempts")) > 3);

        database.execute("DROP TRIGGER refuse ON reach_node");

        awaitReached(message);
        awaitReported(message);
    }

    @Test
    void inAnotherHistoryEverybodyIsAskedAnew() throws IOException {
        ReachNode node = start(FOR_EVER);
        RawSocket client = settled(silent(node));
        long message = say("before");
        assertNews(client, "before");
        assertThat(client.next()).isEqualTo(QUESTION);

        database.execute("UPDATE history_epoch SET id = gen_random_uuid()");
        String epoch = database.ask("SELECT current_history_epoch()");
        await().until(() -> node.history().equals(epoch));
        client.send(ANSWER);
        assertThat(client.next()).isEqualTo(QUESTION);
        assertThat(reached()).as("by an answer to the former question").isLessThanOrEqualTo(message);

        client.send(ANSWER);
        awaitReached(message);
    }

    @Test
    void aNodeThatStopsIsForgotten() throws IOException {
        ReachNode node = start(FOR_EVER);
        await().until(() -> reported() > 0);

        open.remove(node);
        node.close();

        await().until(() -> reported() == 0);
    }
}
