package com.cove.db.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.Statements;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import com.cove.model.message.Message;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class RecoveryStoreTest {
    private static final int ANY = 1_000_000;

    private final TestDatabase test;
    private final RecoveryStore recovery;
    private final UserId ann;
    private final UserId bob;
    private final UserId eve;
    private final ThreadId thread;

    RecoveryStoreTest(TestDatabase test) {
        this.test = test;
        this.recovery = test.database().recovery();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.eve = test.user("eve");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    @Test
    void nothingWasMissedWhereNothingHappened() {
        Conversation.send(test, ann, thread, "before");

        assertThat(missed(bob, recovery.horizon())).isEmpty();
    }

    @Test
    void whatWasMissedComesAsItWouldHaveComeLive() {
        Horizon left = recovery.horizon();
        Message first = Conversation.send(test, ann, thread, "first").message();
        ThreadId group = Conversation.group(test, ann, bob, eve).id();
        Conversation.send(test, eve, group, "second");
        Conversation.send(test, ann, thread, "third");
        Change read = test.database()
                .reads()
                .mark(bob, new MarkRead(first.id()))
                .news()
                .orElseThrow()
                .change();

        List<Change> missed = missed(ann, left);

        assertThat(missed)
                .extracting(RecoveryStoreTest::summary)
                .containsExactly("created", "first", "second", "third", "read");
        assertThat(missed).endsWith(read);
        assertThat(missed(
                        ann,
                        recovery.missed(ann, left, _ -> false, ANY, ANY)
                                .orElseThrow()
                                .until()))
                .isEmpty();
    }

    @Test
    void nobodyIsToldOfAnothersThreads() {
        Horizon left = recovery.horizon();
        Message first = Conversation.send(test, ann, thread, "first").message();
        test.database().reads().mark(bob, new MarkRead(first.id()));

        assertThat(missed(eve, left)).isEmpty();
        assertThat(missed(test.user("nobody"), left)).isEmpty();
    }

    @Test
    void itIsWholeOrNothing() {
        Horizon left = recovery.horizon();
        for (int i = 0; i < 10; i++) {
            Conversation.send(test, ann, thread, "m".repeat(1_000));
        }

        assertThat(recovery.missed(bob, left, _ -> false, 10, ANY).orElseThrow().changes())
                .hasSize(10);
        assertThat(recovery.missed(bob, left, _ -> false, 9, ANY)).isEmpty();
        assertThat(recovery.missed(bob, left, _ -> false, ANY, 10_000)).isEmpty();
    }

    /** Somebody who makes up an old horizon gets nothing for it, and takes little. */
    @Test
    void whatIsTooMuchIsNotRead() {
        Horizon first = new Horizon(recovery.horizon().epoch(), 1, 1, List.of());
        test.execute("""
                INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
                SELECT gen_random_uuid(), '%1$s', n, 'ann', repeat('m', 4000), now() FROM generate_series(1, 300) n;
                UPDATE thread SET last_seq = 300, changed = pg_current_xact_id() WHERE id = '%1$s'
                """.formatted(thread));
        Statements statements = Statements.of(test);

        assertThat(recovery.missed(bob, first, _ -> false, 200, ANY)).isEmpty();
        assertThat(recovery.missed(bob, first, _ -> false, 1_000, 1_000_000)).isEmpty();

        assertThat(statements.take())
                .extracting(Statements.Executed::sql)
                .noneMatch(sql -> sql.contains("AS message_id"));
        assertThat(recovery.missed(bob, first, _ -> false, 1_000, 2_000_000)
                        .orElseThrow()
                        .changes())
                .hasSize(301);
    }

    @Test
    void anotherHistoryHasNothingToSay() {
        Horizon left = recovery.horizon();
        Horizon elsewhere =
                new Horizon("0123456789abcdef", left.oldestRunning(), left.nextUnassigned(), left.running());
        Horizon future = new Horizon(
                left.epoch(), left.oldestRunning() + 1_000_000, left.nextUnassigned() + 1_000_000, List.of());

        assertThat(recovery.missed(bob, elsewhere, _ -> false, ANY, ANY)).isEmpty();
        assertThat(recovery.missed(bob, future, _ -> false, ANY, ANY)).isEmpty();
    }

    /** A transaction that ran when somebody left, and one that had committed although it is younger. */
    @Test
    void whatWasUnderWayIsMissedAndWhatHadCommittedIsNot() throws Exception {
        try (Connection slow = test.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            Conversation.send(test, ann, thread, "seen");
            Horizon left = recovery.horizon();
            assertThat(left.running()).hasSize(1);
            statement.execute("""
                    UPDATE thread SET last_seq = 2, changed = greatest(changed, pg_current_xact_id()) WHERE id = '%1$s';
                    INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
                    VALUES (gen_random_uuid(), '%1$s', 2, 'ann', 'missed', now())
                    """.formatted(thread));
            assertThat(missed(bob, left)).isEmpty();
            slow.commit();

            assertThat(missed(bob, left)).extracting(RecoveryStoreTest::summary).containsExactly("missed");
        }
    }

    /** Somebody comes and goes while others write and read: each change comes exactly once, messages by seq. */
    @Test
    void howeverTransactionsOverlapEachChangeIsMissedExactlyOnce() throws Exception {
        long seed = new Random().nextLong();
        ThreadId group = Conversation.group(test, ann, bob, eve).id();
        Horizon start = recovery.horizon();
        CountDownLatch written = new CountDownLatch(3);
        List<Change> seen = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (UserId writer : List.of(ann, bob, eve)) {
            tasks.add(() -> write(writer, group, new Random(seed + writer.hashCode()), written));
        }
        tasks.add(() -> {
            Horizon left = start;
            boolean last = false;
            while (!last) {
                last = written.getCount() == 0;
                Missed missed = recovery.missed(bob, left, _ -> false, ANY, ANY).orElseThrow();
                seen.addAll(missed.changes());
                left = missed.until();
            }
            return true;
        });

        Conversation.atOnce(tasks);

        assertThat(identities(seen))
                .as("seed %s", seed)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(identities(missed(bob, start)));
        Map<ThreadId, Long> lastSeq = new HashMap<>();
        for (Change change : seen) {
            if (change instanceof Change.Message message) {
                assertThat(message.seq())
                        .as("seed %s", seed)
                        .isEqualTo(1
                                + Optional.ofNullable(lastSeq.put(message.thread(), message.seq()))
                                        .orElse(0L));
            }
        }
        assertThat(lastSeq.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(3 * 60);
    }

    private boolean write(UserId writer, ThreadId group, Random random, CountDownLatch written) {
        for (int i = 0; i < 60; i++) {
            ThreadId to = random.nextBoolean() && !writer.equals(eve) ? thread : group;
            Message message = Conversation.send(test, writer, to, "message").message();
            if (random.nextBoolean()) {
                test.database().reads().mark(to.equals(thread) ? ann : bob, new MarkRead(message.id()));
            }
        }
        written.countDown();
        return true;
    }

    private List<Change> missed(UserId user, Horizon since) {
        return recovery.missed(user, since, _ -> false, ANY, ANY).orElseThrow().changes();
    }

    /** Without the watermark, which is always that of now. */
    private static List<String> identities(List<Change> changes) {
        return changes.stream()
                .map(change -> switch (change) {
                    case Change.Message message -> "message " + message.seq() + " of " + message.thread();
                    case Change.Reading read -> "reading of " + read.message() + " by " + read.reader();
                    case Change.Beginning beginning -> "thread " + beginning.thread();
                })
                .toList();
    }

    private static String summary(Change change) {
        return switch (change) {
            case Change.Message message -> Conversation.message(message).content();
            case Change.Reading _ -> "read";
            case Change.Beginning _ -> "created";
        };
    }
}
