package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.message.MessageStore;
import com.cove.db.sql.Transactions;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.read.MarkRead;
import com.cove.model.sync.Cursor;
import com.cove.model.sync.Sync;
import com.cove.model.sync.SyncPage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.uuid.Generators;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A client that only follows its cursor ends with what the database holds, while transactions commit in another order
 * than they began. Beside it three cursors that suggest themselves are followed, and shown to miss something: if they
 * did not, this test could not fail.
 */
@ExtendWith(TestDatabaseExtension.class)
class CursorMissesNothingTest {
    private static final int WRITERS = 8;
    private static final int ROUNDS = 25;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestDatabase test;
    private final Database db;
    private final List<UserId> people;
    private final List<ThreadId> threads;
    private final AtomicLong polls = new AtomicLong();

    CursorMissesNothingTest(TestDatabase test) {
        this.test = test;
        this.db = test.database();
        this.people =
                IntStream.range(0, WRITERS).mapToObj(n -> test.user("user" + n)).toList();
        this.threads = IntStream.range(0, 5)
                .mapToObj(_ -> Conversation.group(
                                test,
                                people.getFirst(),
                                people.subList(1, WRITERS).toArray(UserId[]::new))
                        .id())
                .toList();
    }

    /** What another design would have followed: a number for each message, in the order of insertion. */
    @BeforeEach
    void numberMessages() {
        test.execute("ALTER TABLE message ADD COLUMN number bigserial");
    }

    @Test
    void aTransactionThatBeganEarlyAndCommitsLateIsNotMissed() throws SQLException {
        try (Follower follower = new Follower(1);
                SlowSend slow = new SlowSend()) {
            slow.send(people.get(1), threads.get(0), "began first");
            Conversation.send(test, people.get(2), threads.get(1), "committed first");
            follower.poll();
            slow.commit();
            follower.poll();
            Conversation.send(test, people.get(3), threads.get(2), "last");
            follower.poll();
            follower.assertHasEverything("no randomness here");
            assertThat(follower.naive)
                    .allSatisfy(cursor -> assertThat(cursor.missed()).hasSize(1));
        }
    }

    @Test
    void nothingIsMissedWhileManyWriteAndCommitOutOfOrder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed of nothingIsMissedWhileManyWriteAndCommitOutOfOrder: " + seed);
        try (Follower follower = new Follower(seed);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int n = 0; n < WRITERS; n++) {
                UserId writer = people.get(n);
                Random random = new Random(seed + n);
                writers.add(executor.submit(() -> write(writer, random)));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                follower.poll();
            }
            for (Future<?> writer : writers) {
                writer.get(1, TimeUnit.SECONDS);
            }
            follower.poll();
            follower.assertHasEverything("seed " + seed);
            assertThat(follower.naive)
                    .as("the order of commits differed from every other, or this test proves nothing, seed %d", seed)
                    .allSatisfy(cursor -> assertThat(cursor.missed()).isNotEmpty());
        }
    }

    private Void write(UserId writer, Random random) throws SQLException {
        for (int round = 0; round < ROUNDS; round++) {
            ThreadId thread = threads.get(random.nextInt(threads.size()));
            switch (random.nextInt(4)) {
                case 0 -> sendSlowly(writer, thread, random);
                case 1 -> markSomething(writer, thread, random);
                default -> Conversation.send(test, writer, thread, "quick");
            }
        }
        return null;
    }

    private void sendSlowly(UserId writer, ThreadId thread, Random random) throws SQLException {
        try (SlowSend slow = new SlowSend()) {
            awaitPolls(random.nextInt(3));
            slow.send(writer, thread, "slow");
            awaitPolls(random.nextInt(3));
            slow.commit();
        }
    }

    private void markSomething(UserId reader, ThreadId thread, Random random) {
        List<Message> messages = Conversation.messages(db, thread);
        if (!messages.isEmpty()) {
            db.reads()
                    .mark(
                            reader,
                            new MarkRead(messages.get(random.nextInt(messages.size()))
                                    .id()));
        }
    }

    private void awaitPolls(int more) {
        long wanted = polls.get() + more;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (polls.get() < wanted) {
            assertThat(System.nanoTime()).as("the follower polls").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /** A send by the real store, in a transaction that takes its id at once and commits when it is told to. */
    private final class SlowSend implements AutoCloseable {
        private final Connection connection = test.connect();
        private final MessageStore messages;

        SlowSend() throws SQLException {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_current_xact_id()");
            }
            Jdbi jdbi = Database.configured(Jdbi.create(connection));
            // The transaction is ours: a store that is done leaves it open.
            jdbi.getConfig(Handles.class).setForceEndTransactions(false);
            messages = new MessageStore(new Transactions(jdbi), Generators.timeBasedEpochGenerator()::generate);
        }

        void send(UserId sender, ThreadId thread, String content) {
            messages.send(sender, new SendMessage(thread, content, null));
        }

        void commit() throws SQLException {
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** A client that knows the first page of its list, and then only what its cursor brings. */
    private final class Follower implements AutoCloseable {
        private final UserId user = people.getFirst();
        private final Random random;
        private final Set<String> messages = new TreeSet<>();
        private final Map<ThreadId, ChatThread> known = new HashMap<>();
        private final Connection connection = test.connect();
        final List<NaiveCursor> naive;
        private Cursor cursor;

        Follower(long seed) throws SQLException {
            random = new Random(seed);
            var list = db.threads().list(user, new ListThreads(100, null));
            list.threads().forEach(thread -> known.put(thread.id(), thread));
            cursor = list.cursor();
            naive = List.of(
                    new NaiveCursor(connection, "created_at", "CAST('-infinity' AS timestamptz)"),
                    new NaiveCursor(connection, "number", "0"),
                    new NaiveCursor(connection, "changed", "CAST('0' AS xid8)"));
        }

        /** Catches up, page by page of a few. */
        void poll() throws SQLException {
            for (NaiveCursor each : naive) {
                each.poll();
            }
            SyncPage page;
            do {
                page = db.sync().changes(user, new Sync(cursor, 1 + random.nextInt(12)));
                assertThat(page.reset()).isFalse();
                page.messages().forEach(message -> messages.add(message.id().value()));
                page.threads().forEach(thread -> known.put(thread.id(), thread));
                cursor = page.cursor();
            } while (page.hasMore());
            polls.incrementAndGet();
        }

        void assertHasEverything(String seed) {
            assertThat(messages).as(seed).isEqualTo(allMessages());
            List<ChatThread> fresh =
                    db.threads().list(user, new ListThreads(100, null)).threads();
            assertThat(known.values()).as(seed).containsExactlyInAnyOrderElementsOf(fresh);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private Set<String> allMessages() {
        Set<String> ids = new TreeSet<>();
        threads.forEach(thread -> Conversation.messages(db, thread)
                .forEach(message -> ids.add(message.id().value())));
        return ids;
    }

    /** Follows the greatest value of a column that it has seen. */
    private final class NaiveCursor {
        private final Connection connection;
        private final String column;
        private final Set<String> seen = new HashSet<>();
        private String last;

        NaiveCursor(Connection connection, String column, String start) {
            this.connection = connection;
            this.column = column;
            this.last = start;
        }

        void poll() throws SQLException {
            String sql = "SELECT id, quote_literal(CAST(%1$s AS text)) FROM message WHERE %1$s > %2$s ORDER BY %1$s"
                    .formatted(column, last);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    seen.add(rows.getString(1));
                    last = rows.getString(2);
                }
            }
        }

        Set<String> missed() {
            Set<String> missed = new TreeSet<>(allMessages());
            missed.removeAll(seen);
            return missed;
        }
    }
}
