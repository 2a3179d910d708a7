package com.cove.db.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.db.read.ReadOutcome;
import com.cove.db.thread.CreateOutcome;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class HorizonTest {
    private final TestDatabase test;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;

    HorizonTest(TestDatabase test) {
        this.test = test;
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    /** PostgreSQL may crash before their ids are in its log, and give them out again. */
    @Test
    void itDoesNotReachOverTransactionsThatWereRolledBack() throws SQLException {
        long sent = Conversation.send(test, ann, thread, "hello").transaction();
        rollBack(3);

        assertThat(horizon().nextUnseen()).isEqualTo(sent + 1);
        assertThat(horizon().oldestRunning()).isEqualTo(sent + 1);
        assertThat(horizon().nextUnassigned()).isGreaterThan(sent + 3);
    }

    @Test
    void itReachesOverEveryChangeThatClientsFollow() throws SQLException {
        var message = Conversation.send(test, ann, thread, "hello").message();
        rollBack(1);
        ReadOutcome read = test.database().reads().mark(bob, new MarkRead(message.id()));
        assertThat(horizon().nextUnseen()).isEqualTo(read.transaction() + 1);
        rollBack(1);
        CreateOutcome created = test.database().threads().create(ann, new CreateThread(List.of(bob), "A group"));
        assertThat(horizon().nextUnseen()).isEqualTo(created.transaction() + 1);
        rollBack(1);
        long before = horizon().nextUnseen();
        test.database().threads().mute(bob, new MuteThread(thread, Instant.parse("2999-01-01T00:00:00Z")));
        assertThat(horizon().nextUnseen()).isGreaterThan(before);
    }

    /** Where it says so, nobody looks for what is new. */
    @Test
    void itSeesTheSameUntilAChangeIsCommitted() throws SQLException {
        Horizon first = horizon();
        rollBack(1);
        assertThat(horizon().seesTheSameAs(first)).as("after a rollback").isTrue();
        try (Connection slow = test.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            Conversation.send(test, ann, thread, "hello");
            Horizon second = horizon();
            assertThat(second.seesTheSameAs(first)).as("after a message").isFalse();
            assertThat(horizon().seesTheSameAs(second)).isTrue();

            slow.commit();
            assertThat(horizon().seesTheSameAs(second))
                    .as("after an earlier one's commit")
                    .isFalse();
        }
    }

    @Test
    void itSeesWhatItsSnapshotSees() throws SQLException {
        try (Connection slow = test.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            long sent = Conversation.send(test, ann, thread, "hello").transaction();
            Horizon horizon = horizon();

            assertThat(LongStream.rangeClosed(sent - 3, sent + 3).boxed())
                    .allSatisfy(id -> assertThat(horizon.sees(id))
                            .as("%s of %s", id, horizon.snapshot())
                            .isEqualTo(test.ask("SELECT pg_visible_in_snapshot('%d', '%s')"
                                            .formatted(id, horizon.snapshot()))
                                    .equals("t")));
            assertThat(horizon.running()).hasSize(1);
            assertThat(horizon.sees(sent)).isTrue();
        }
    }

    @Test
    void anEarlierOnePrecedesALaterAndNoneOfAnotherHistory() {
        Horizon earlier = horizon();
        Conversation.send(test, ann, thread, "hello");
        Horizon later = horizon();

        assertThat(earlier.precedes(later)).isTrue();
        assertThat(later.precedes(earlier)).isFalse();
        assertThat(later.precedes(later)).isTrue();
        test.execute("UPDATE history_epoch SET id = gen_random_uuid()");
        assertThat(later.precedes(horizon())).isFalse();
    }

    private Horizon horizon() {
        return test.database().news().horizon();
    }

    private void rollBack(int transactions) throws SQLException {
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                statement.execute("UPDATE app_user SET name = name");
                connection.rollback();
            }
        }
    }
}
