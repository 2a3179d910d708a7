package com.cove.db.message;

import static com.cove.db.Conversation.await;
import static com.cove.db.Conversation.waitingForALock;
import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.db.Conversation;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class GroupCommitTest {
    private static final int TRANSACTIONS = 4;
    private static final Duration SLOW = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AtomicLong clock = new AtomicLong();
    private final List<Look> looks = new CopyOnWriteArrayList<>();
    private final TestDatabase test;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    GroupCommitTest(TestDatabase test) {
        this.test = test;
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private GroupCommit group(int capacity) {
        return group(test.database(), capacity);
    }

    private GroupCommit group(Database database, int capacity) {
        return group(database, capacity, executor);
    }

    /** Whose time passes by {@link #pass} only. */
    private GroupCommit group(Database database, int capacity, Executor transactions) {
        return new GroupCommit(
                database.messages(),
                transactions,
                (task, delay) -> looks.add(new Look(task, delay)),
                new GroupCommit.Limits(TRANSACTIONS, SLOW, capacity, PATIENCE),
                clock::get);
    }

    private record Look(Runnable task, Duration delay) {}

    /** So much later everything has happened that waited for a time. */
    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        List<Look> due = List.copyOf(looks);
        looks.removeAll(due);
        due.forEach(look -> look.task().run());
    }

    @Test
    void whatArrivesDuringATransactionIsCommittedTogetherInTheNext() throws Exception {
        GroupCommit group = group(1_000);
        List<CompletableFuture<SendOutcome>> sends = new ArrayList<>();
        try (Connection blocker = blocking()) {
            sends.add(send(group, ann, "message 0"));
            awaitWaiting();
            for (int i = 1; i <= 50; i++) {
                sends.add(inOrder(group, ann, "message " + i));
            }
            blocker.rollback();
        }

        List<SendOutcome> outcomes = sends.stream().map(CompletableFuture::join).toList();

        assertThat(outcomes).extracting(outcome -> outcome.message().content()).containsExactlyElementsOf(contents());
        assertThat(outcomes).extracting(SendOutcome::memberIds).containsOnly(List.of(ann, bob));
        assertThat(test.ask("SELECT count(DISTINCT xmin::text) FROM message")).isEqualTo("2");
        assertThat(test.ask("SELECT last_read_seq FROM thread_member WHERE user_id = 'ann'"))
                .isEqualTo("51");
        assertThat(test.ask("SELECT last_seq FROM thread")).isEqualTo("51");
    }

    @Test
    void aBadSendFailsAlone() throws Exception {
        UserId stranger = test.user("stranger");
        Conversation.send(test, ann, thread, "known", "c1");
        GroupCommit group = group(1_000);
        List<CompletableFuture<SendOutcome>> good = new ArrayList<>();
        List<CompletableFuture<SendOutcome>> missing = new ArrayList<>();
        CompletableFuture<SendOutcome> conflict;
        CompletableFuture<SendOutcome> repeated;
        try (Connection blocker = blocking()) {
            good.add(send(group, ann, "first"));
            awaitWaiting();
            missing.add(inOrder(group, stranger, "not a member"));
            good.add(inOrder(group, ann, "second"));
            missing.add(inOrder(group, ann, new SendMessage(new ThreadId("nothing"), "no id", null)));
            conflict = inOrder(group, ann, new SendMessage(thread, "other", new ClientMessageId("c1")));
            repeated = inOrder(group, ann, new SendMessage(thread, "known", new ClientMessageId("c1")));
            good.add(inOrder(group, bob, "third"));
            blocker.rollback();
        }

        assertThat(good).allSatisfy(send -> assertThat(send.get().stored()).isTrue());
        missing.forEach(send -> failsWith(ErrorCode.NOT_FOUND, () -> outcome(send)));
        failsWith(ErrorCode.CONFLICT, () -> outcome(conflict));
        assertThat(repeated.get().stored()).isFalse();
        assertThat(repeated.get().message().seq()).isEqualTo(1);
        assertThat(contents()).containsExactly("known", "first", "second", "third");
    }

    @Test
    void aSendRepeatedInOneBatchIsStoredOnce() throws Exception {
        GroupCommit group = group(1_000);
        SendMessage request = new SendMessage(thread, "hello", new ClientMessageId("c1"));
        List<CompletableFuture<SendOutcome>> sends = new ArrayList<>();
        CompletableFuture<SendOutcome> other;
        try (Connection blocker = blocking()) {
            CompletableFuture<SendOutcome> first = send(group, bob, "first");
            awaitWaiting();
            for (int i = 0; i < 5; i++) {
                sends.add(inOrder(group, ann, request));
            }
            other = inOrder(group, ann, new SendMessage(thread, "other", new ClientMessageId("c1")));
            blocker.rollback();
            first.join();
        }

        assertThat(sends).extracting(send -> send.get().stored()).containsExactly(true, false, false, false, false);
        assertThat(sends).extracting(send -> send.get().message().seq()).containsOnly(2L);
        failsWith(ErrorCode.CONFLICT, () -> outcome(other));
        assertThat(contents()).containsExactly("first", "hello");
    }

    /** A fault that nobody foresaw, in one row of the statement that stores them all. */
    @Test
    void whatMakesTheWholeStatementFailFailsAloneToo() throws Exception {
        test.execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no poison' USING ERRCODE = 'XX000'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW WHEN (new.content = 'poison')
                EXECUTE FUNCTION refuse()""");
        GroupCommit group = group(1_000);
        List<CompletableFuture<SendOutcome>> good = new ArrayList<>();
        CompletableFuture<SendOutcome> poison;
        try (Connection blocker = blocking()) {
            good.add(send(group, ann, "first"));
            awaitWaiting();
            good.add(inOrder(group, ann, "second"));
            poison = inOrder(group, ann, "poison");
            good.add(inOrder(group, ann, "third"));
            blocker.rollback();
        }

        assertThat(good).allSatisfy(send -> assertThat(send.get().stored()).isTrue());
        assertThatThrownBy(() -> outcome(poison)).isInstanceOf(RuntimeException.class);
        assertThat(contents()).containsExactly("first", "second", "third");
    }

    @Test
    void whoFindsTooManyWaitingIsToldToWait() throws Exception {
        GroupCommit group = group(2);
        List<CompletableFuture<SendOutcome>> sends = new ArrayList<>();
        try (Connection blocker = blocking()) {
            sends.add(send(group, ann, "first"));
            awaitWaiting();
            sends.add(inOrder(group, ann, "second"));
            sends.add(inOrder(group, ann, "third"));

            failsWith(ErrorCode.RATE_LIMITED, () -> group.send(ann, new SendMessage(thread, "fourth", null)));

            blocker.rollback();
        }
        sends.forEach(CompletableFuture::join);
        assertThat(contents()).containsExactly("first", "second", "third");
    }

    /** Nobody arrives and no transaction ends: what they wait for still goes on. */
    @Test
    void whoWaitedTooLongIsToldAndNotStored() throws Exception {
        GroupCommit group = group(10);
        CompletableFuture<SendOutcome> first;
        try (Connection blocker = blocking()) {
            first = send(group, ann, "first");
            awaitWaiting();
            CompletableFuture<SendOutcome> second = inOrder(group, ann, "second");
            pass(SLOW);
            CompletableFuture<SendOutcome> third = inOrder(group, bob, "third");

            pass(PATIENCE.minus(SLOW));

            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(second));
            assertThat(group.waiting()).as("the third has some time left").isEqualTo(1);
            pass(SLOW);
            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(third));
            assertThat(first).isNotDone();
            assertThat(group.waiting()).isZero();
            blocker.rollback();
        }
        assertThat(first.join().stored()).isTrue();
        assertThat(group.send(ann, new SendMessage(thread, "another", null)).stored())
                .isTrue();
        assertThat(contents()).containsExactly("first", "another");
    }

    /** The transaction before ended, and nobody had looked. */
    @Test
    void whoseTurnComesTooLateIsNotStored() throws Exception {
        GroupCommit group = group(10);
        CompletableFuture<SendOutcome> first;
        CompletableFuture<SendOutcome> late;
        CompletableFuture<SendOutcome> inTime;
        try (Connection blocker = blocking()) {
            first = send(group, ann, "first");
            awaitWaiting();
            late = inOrder(group, ann, "late");
            clock.addAndGet(PATIENCE.toNanos());
            inTime = inOrder(group, ann, "in time");
            blocker.rollback();
        }
        failsWith(ErrorCode.UNAVAILABLE, () -> outcome(late));
        assertThat(first.join().stored()).isTrue();
        assertThat(inTime.join().stored()).isTrue();
        assertThat(contents()).containsExactly("first", "in time");
    }

    @Test
    void whoIsInterruptedWhileWaitingGivesUpAndIsNotStored() throws Exception {
        GroupCommit group = group(10);
        AtomicReference<@Nullable Thread> caller = new AtomicReference<>();
        CompletableFuture<SendOutcome> first;
        try (Connection blocker = blocking()) {
            first = send(group, ann, "first");
            awaitWaiting();
            CompletableFuture<Boolean> stillInterrupted = CompletableFuture.supplyAsync(
                            () -> {
                                caller.set(Thread.currentThread());
                                failsWith(
                                        ErrorCode.UNAVAILABLE,
                                        () -> group.send(ann, new SendMessage(thread, "second", null)));
                                return Thread.interrupted();
                            },
                            executor)
                    .orTimeout(30, TimeUnit.SECONDS);
            await(() -> group.waiting() == 1);

            Objects.requireNonNull(caller.get()).interrupt();

            assertThat(stillInterrupted.join()).isTrue();
            assertThat(group.waiting()).isZero();
            blocker.rollback();
        }
        first.join();
        assertThat(contents()).containsExactly("first");
    }

    /** As in a program that stops. */
    @Test
    void whereNoThreadIsToBeHadNobodyWaitsForIt() throws Exception {
        GroupCommit group = group(test.database(), 10, _ -> {
            throw new RejectedExecutionException();
        });
        CompletableFuture<SendOutcome> first;
        CompletableFuture<SendOutcome> third;
        try (Connection blocker = blocking()) {
            first = send(group, ann, "first");
            awaitWaiting();
            CompletableFuture<SendOutcome> second = inOrder(group, ann, "second");
            CompletableFuture<SendOutcome> beside = inOrder(group, ann, new SendMessage(another(), "beside it", null));

            pass(SLOW);

            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(beside));
            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(second));
            assertThat(first).isNotDone();
            third = inOrder(group, ann, "third");
            blocker.rollback();
        }
        assertThat(first.join().stored()).isTrue();
        failsWith(ErrorCode.UNAVAILABLE, () -> outcome(third));
        assertThat(group.send(ann, new SendMessage(thread, "alone", null)).stored())
                .isTrue();
        assertThat(contents()).containsExactly("first", "alone");
    }

    /** A batch costs hardly more than a message: what they would gain by going side by side, they would pay with. */
    @Test
    void whileTransactionsAreQuickThereIsOneAtATime() throws Exception {
        GroupCommit group = group(1_000);
        List<CompletableFuture<SendOutcome>> sends = new ArrayList<>();
        List<ThreadId> others = List.of(another(), another(), another());
        try (Connection blocker = blocking()) {
            sends.add(send(group, ann, "first"));
            awaitWaiting();
            for (ThreadId other : others) {
                sends.add(inOrder(group, ann, new SendMessage(other, "elsewhere", null)));
            }
            assertThat(looks).as("one look for all").extracting(Look::delay).containsExactly(SLOW);

            pass(SLOW.minusNanos(1));

            assertThat(group.waiting()).isEqualTo(others.size());
            assertThat(looks)
                    .as("another look when it would be slow")
                    .extracting(Look::delay)
                    .containsExactly(Duration.ofNanos(1));
            blocker.rollback();
        }
        sends.forEach(CompletableFuture::join);
        assertThat(test.ask("SELECT count(DISTINCT xmin::text) FROM message")).isEqualTo("2");
        pass(SLOW);
        assertThat(looks).as("nobody waits").isEmpty();
    }

    @Test
    void aSlowTransactionLetsOthersPassThoughNobodyElseArrives() throws Exception {
        GroupCommit group = group(1_000);
        CompletableFuture<SendOutcome> slow;
        CompletableFuture<SendOutcome> behind;
        try (Connection blocker = blocking()) {
            ThreadId other = another();
            slow = send(group, ann, "slow");
            awaitWaiting();
            behind = inOrder(group, ann, "behind it");
            CompletableFuture<SendOutcome> passing = inOrder(group, ann, new SendMessage(other, "passing", null));

            pass(SLOW);

            assertThat(passing.join().stored()).isTrue();
            assertThat(group.send(bob, new SendMessage(other, "passing too", null))
                            .stored())
                    .as("the newest under way is the slow one again")
                    .isTrue();
            assertThat(slow).isNotDone();
            assertThat(group.waiting()).as("of the same thread").isEqualTo(1);
            blocker.rollback();
        }
        assertThat(List.of(slow.join(), behind.join()))
                .extracting(outcome -> outcome.message().seq())
                .containsExactly(1L, 2L);
    }

    @Test
    void soManyTransactionsAtATimeAndNoMore() throws Exception {
        GroupCommit group = group(1_000);
        List<CompletableFuture<SendOutcome>> sends = new ArrayList<>();
        List<ThreadId> threads =
                IntStream.range(0, TRANSACTIONS + 2).mapToObj(_ -> another()).toList();
        try (Connection blocker = blocking()) {
            for (int i = 0; i < threads.size(); i++) {
                sends.add(send(group, ann, new SendMessage(threads.get(i), "hello", null)));
                int underWay = Math.min(i + 1, TRANSACTIONS);
                await(() -> waitingForALock(test) == underWay);
                int behind = i + 1 - underWay;
                await(() -> group.waiting() == behind);
                pass(SLOW);
            }
            pass(SLOW);
            assertThat(group.waiting()).isEqualTo(2);
            assertThat(waitingForALock(test)).isEqualTo(TRANSACTIONS);
            blocker.rollback();
        }
        assertThat(sends).allSatisfy(send -> assertThat(send.join().stored()).isTrue());
    }

    /** Somebody keeps one thread locked, for longer than anybody waits for a lock. */
    @Test
    void aThreadThatIsLockedFailsItsBatchOnceAndThenItself() throws Exception {
        ThreadId other = Conversation.group(test, ann, bob).id();
        try (Database hurried = Database.open(DatabaseConfig.of(test.url() + "?options=-c%20lock_timeout%3D1000"));
                Connection blocker = test.connect()) {
            GroupCommit group = group(hurried, 1_000);
            lock(blocker, thread);
            CompletableFuture<SendOutcome> locked = send(group, ann, "locked");
            awaitWaiting();
            CompletableFuture<SendOutcome> lockedToo = inOrder(group, ann, "locked too");
            CompletableFuture<SendOutcome> neighbour = inOrder(group, ann, new SendMessage(other, "beside it", null));
            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(locked));
            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(lockedToo));
            assertThat(neighbour.join().stored())
                    .as("the thread was known to be failing")
                    .isTrue();

            for (int i = 0; i < 3; i++) {
                CompletableFuture<SendOutcome> again = send(group, ann, "still locked");
                awaitWaiting();
                CompletableFuture<SendOutcome> oncemore = inOrder(group, bob, "still locked");
                CompletableFuture<SendOutcome> beside = inOrder(group, bob, new SendMessage(other, "beside it", null));
                assertThat(beside.join().stored()).isTrue();
                failsWith(ErrorCode.UNAVAILABLE, () -> outcome(again));
                failsWith(ErrorCode.UNAVAILABLE, () -> outcome(oncemore));
            }
            blocker.rollback();
            assertThat(group.send(ann, new SendMessage(thread, "free", null)).stored())
                    .isTrue();
        }
        assertThat(contents()).containsExactly("free");
    }

    /** Repeats are looked for after what is new was stored, under the lock of their thread. */
    @Test
    void aLockedThreadHoldsUpOthersWithARepeatOnceToo() throws Exception {
        ThreadId first = another();
        ThreadId other = another();
        SendMessage repeat = new SendMessage(thread, "stored", new ClientMessageId("c1"));
        try (Database hurried = Database.open(DatabaseConfig.of(test.url() + "?options=-c%20lock_timeout%3D2000"));
                Connection blocker = test.connect();
                Connection ofFirst = test.connect()) {
            GroupCommit group = group(hurried, 1_000);
            group.send(ann, repeat);
            lock(blocker, thread);
            lock(ofFirst, first);
            CompletableFuture<SendOutcome> under = send(group, bob, new SendMessage(first, "first", null));
            awaitWaiting();
            CompletableFuture<SendOutcome> locked = inOrder(group, ann, repeat);
            CompletableFuture<SendOutcome> beside = inOrder(group, bob, new SendMessage(other, "beside it", null));
            ofFirst.rollback();
            assertThat(under.join().stored()).isTrue();
            awaitWaiting();
            CompletableFuture<SendOutcome> again = inOrder(group, ann, repeat);
            CompletableFuture<SendOutcome> next = inOrder(group, bob, new SendMessage(other, "beside it", null));
            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(locked));
            assertThat(beside.join().stored()).isTrue();

            awaitWaiting();
            pass(SLOW);

            assertThat(next.join().stored()).isTrue();
            assertThat(again).as("the thread was known to be failing").isNotDone();
            failsWith(ErrorCode.UNAVAILABLE, () -> outcome(again));
        }
    }

    private static void lock(Connection blocker, ThreadId thread) throws SQLException {
        blocker.setAutoCommit(false);
        blocker.createStatement().execute("SELECT id FROM thread WHERE id = '" + thread.value() + "' FOR UPDATE");
    }

    /** Their batches want the same threads, each in another order. */
    @Test
    void twoNodesNeverWaitForEachOther() throws Exception {
        List<ThreadId> threads = IntStream.range(0, 20)
                .mapToObj(i -> Conversation.group(test, ann, bob).id())
                .toList();
        int rounds = 20;
        try (Database other = Database.open(test.config())) {
            List<GroupCommit> nodes = List.of(group(1_000), group(other, 1_000));
            List<Callable<List<Message>>> senders = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int sender = i;
                senders.add(() -> IntStream.range(0, rounds)
                        .mapToObj(round -> nodes.get(sender % 2)
                                .send(
                                        sender % 4 < 2 ? ann : bob,
                                        new SendMessage(
                                                threads.get((sender * 7 + round * 3) % threads.size()),
                                                sender + " " + round,
                                                null))
                                .message())
                        .toList());
            }

            List<List<Message>> sent = Conversation.atOnce(senders);

            assertThat(sent).allSatisfy(own -> assertThat(own).hasSize(rounds));
        }
        for (ThreadId each : threads) {
            List<Message> stored = Conversation.messages(test.database(), each);
            assertThat(stored)
                    .extracting(Message::seq)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, stored.size()).boxed().toList());
        }
        assertThat(test.ask("SELECT count(*) FROM message")).isEqualTo(Integer.toString(40 * rounds));
        assertThat(test.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
                .isEqualTo("0");
    }

    // --- words for the above ---

    /** A lock on the threads there are, under which sends to them wait until it is rolled back. */
    private Connection blocking() throws SQLException {
        Connection blocker = test.connect();
        blocker.setAutoCommit(false);
        blocker.createStatement().execute("SELECT id FROM thread FOR UPDATE");
        return blocker;
    }

    private void awaitWaiting() {
        await(() -> waitingForALock(test) > 0);
    }

    private ThreadId another() {
        return Conversation.group(test, ann, bob).id();
    }

    private CompletableFuture<SendOutcome> send(GroupCommit group, UserId sender, String content) {
        return send(group, sender, new SendMessage(thread, content, null));
    }

    private CompletableFuture<SendOutcome> send(GroupCommit group, UserId sender, SendMessage request) {
        return CompletableFuture.supplyAsync(() -> group.send(sender, request), executor)
                .orTimeout(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<SendOutcome> inOrder(GroupCommit group, UserId sender, String content) {
        return inOrder(group, sender, new SendMessage(thread, content, null));
    }

    /** Sends once those before it are in the queue. */
    private CompletableFuture<SendOutcome> inOrder(GroupCommit group, UserId sender, SendMessage request) {
        int before = group.waiting();
        CompletableFuture<SendOutcome> send = send(group, sender, request);
        await(() -> group.waiting() == before + 1);
        return send;
    }

    private static @Nullable SendOutcome outcome(CompletableFuture<SendOutcome> send) {
        try {
            return send.join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private List<String> contents() {
        return Conversation.messages(test.database(), thread).stream()
                .map(Message::content)
                .toList();
    }
}
