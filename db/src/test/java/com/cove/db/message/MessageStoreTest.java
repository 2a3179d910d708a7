package com.cove.db.message;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.Statements;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.ListMessages;
import com.cove.model.message.Message;
import com.cove.model.message.MessagePage;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabaseExtension.class)
class MessageStoreTest {
    private final TestDatabase test;
    private final MessageStore messages;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;

    MessageStoreTest(TestDatabase test) {
        this.test = test;
        this.messages = test.database().messages();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    @Test
    void aSentMessageCarriesWhatItsReadersNeed() {
        SendOutcome sent = Conversation.send(test, ann, thread, "hello", "c1");
        Message message = sent.message();
        assertThat(sent.stored()).isTrue();
        assertThat(sent.memberIds()).containsExactly(ann, bob);
        assertThat(message.seq()).isEqualTo(1);
        assertThat(message.sender()).isEqualTo(new UserProfile(ann, "ann's name", "https://example.com/ann.png"));
        assertThat(message.createdAt())
                .as("as the wire has it")
                .isEqualTo(message.createdAt().truncatedTo(ChronoUnit.MILLIS));
        assertThat(Conversation.messages(test.database(), thread)).containsExactly(message);
    }

    /** Whichever statement stores or finds the message. */
    @Test
    void whoIsInAThreadIsReadWhereItIsNotKnown() {
        UserId eve = test.user("eve");
        ThreadId other = Conversation.group(test, ann, bob, eve).id();
        Remembered known = new Remembered(new HashMap<>());
        MessageStore knowing = messages.knowing(known);

        assertThat(knowing.send(ann, hello(thread, "c1")).memberIds()).containsExactly(ann, bob);
        assertThat(known.members).containsExactly(Map.entry(thread, List.of(ann, bob)));

        UserId remembered = new UserId("remembered");
        known.learn(thread, List.of(remembered));
        List<SendResult> results = knowing.sendAll(List.of(
                send(ann, thread, "hello", "c1"), send(ann, thread, "new", null), send(ann, other, "new", null)));

        assertThat(results.stream().map(result -> result.outcomeOrThrow().memberIds()))
                .containsExactly(List.of(remembered), List.of(remembered), List.of(ann, bob, eve));
        failsWith(ErrorCode.NOT_FOUND, () -> knowing.send(remembered, hello(thread, null)));
    }

    private record Remembered(Map<ThreadId, List<UserId>> members) implements KnownMembers {
        @Override
        public @Nullable List<UserId> of(ThreadId thread) {
            return members.get(thread);
        }

        @Override
        public void learn(ThreadId thread, List<UserId> these) {
            members.put(thread, these);
        }
    }

    @Test
    void contentIsKeptVerbatim() {
        for (String content : List.of(
                "  <script>&amp; \"'\n\t ",
                "\uD83D\uDE00\u202Eabc\u0000".replace("\0", ""),
                "x".repeat(4_000),
                "\uD83D\uDE00".repeat(4_000))) {
            assertThat(Conversation.send(test, ann, thread, content).message().content())
                    .isEqualTo(content);
        }
        assertThat(Conversation.messages(test.database(), thread))
                .extracting(Message::content)
                .allSatisfy(content -> assertThat(content).isNotBlank());
    }

    @Test
    void fiftyConcurrentSendersGetOneToFifty() throws Exception {
        List<UserId> senders =
                IntStream.range(0, 50).mapToObj(n -> test.user("sender" + n)).toList();
        ThreadId busy =
                Conversation.group(test, ann, senders.toArray(UserId[]::new)).id();
        List<Callable<Message>> sends = new ArrayList<>();
        senders.forEach(sender -> sends.add(
                () -> Conversation.send(test, sender, busy, "from " + sender).message()));
        List<Message> sent = Conversation.atOnce(sends);
        assertThat(sent)
                .extracting(Message::seq)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 50).boxed().toList());
        List<Message> stored = Conversation.messages(test.database(), busy);
        assertThat(stored)
                .containsExactlyElementsOf(sent.stream()
                        .sorted(Comparator.comparingLong(Message::seq))
                        .toList());
        assertThat(stored).extracting(Message::createdAt).isSorted();
    }

    @Test
    void timesDoNotGoBackWhenTheClockDoes() {
        test.execute("UPDATE thread SET updated_at = '2999-01-01T00:00:00Z'");
        Message first = Conversation.send(test, ann, thread, "one").message();
        Message second = Conversation.send(test, bob, thread, "two").message();
        assertThat(first.createdAt()).isEqualTo("2999-01-01T00:00:00Z").isEqualTo(second.createdAt());
    }

    @Test
    void aRetriedSendIsStoredOnce() {
        SendOutcome first = Conversation.send(test, ann, thread, "hello", "c1");
        Conversation.send(test, ann, thread, "something between");
        SendOutcome again = Conversation.send(test, ann, thread, "hello", "c1");
        assertThat(again.stored()).isFalse();
        assertThat(again.message()).isEqualTo(first.message());
        assertThat(again.memberIds()).isEqualTo(first.memberIds());
        assertThat(Conversation.messages(test.database(), thread)).hasSize(2);
    }

    @Test
    void retriesAtOnceAreStoredOnce() throws Exception {
        for (int round = 1; round <= 20; round++) {
            String id = "c" + round;
            Callable<SendOutcome> send = () -> Conversation.send(test, ann, thread, "hello", id);
            List<SendOutcome> outcomes = Conversation.atOnce(Collections.nCopies(12, send));
            assertThat(outcomes)
                    .extracting(SendOutcome::message)
                    .containsOnly(outcomes.getFirst().message());
            assertThat(outcomes).filteredOn(SendOutcome::stored).hasSize(1);
            assertThat(test.ask("SELECT last_seq FROM thread")).isEqualTo(Integer.toString(round));
        }
    }

    /** The second's statement began before the first was stored, and does not see it. */
    @Test
    void aRetryThatWaitedForTheFirstFindsIt() throws Exception {
        Statements statements = Statements.of(test);
        Callable<SendOutcome> send = () -> Conversation.send(test, ann, thread, "hello", "c1");
        Callable<SendOutcome> other = () -> Conversation.send(test, bob, thread, "another", "c1");

        List<SendOutcome> outcomes = onceAllWaitForTheThread(List.of(send, send, other));

        assertThat(outcomes.get(0).message()).isEqualTo(outcomes.get(1).message());
        assertThat(outcomes.get(0).stored()).isNotEqualTo(outcomes.get(1).stored());
        assertThat(outcomes.get(2).stored()).isTrue();
        assertThat(statements.take())
                .as("one each, and two more of the one that found it")
                .hasSize(5);
        assertThat(Conversation.messages(test.database(), thread))
                .extracting(Message::seq)
                .containsExactly(1L, 2L);
        assertThat(test.ask("SELECT last_seq FROM thread")).isEqualTo("2");
    }

    /** What they then find is newer than what they saw when they began. */
    @Test
    void whoWaitedForTheThreadGoesOnFromItsNewestState() throws Exception {
        Callable<SendOutcome> send = () -> Conversation.send(test, ann, thread, "hello");

        List<SendOutcome> outcomes = onceAllWaitForTheThread(Collections.nCopies(5, send));

        assertThat(outcomes)
                .extracting(outcome -> outcome.message().seq())
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
        assertThat(test.ask("SELECT last_seq FROM thread")).isEqualTo("5");
        assertThat(test.ask("SELECT last_read_seq FROM thread_member WHERE user_id = 'ann'"))
                .isEqualTo("5");
        assertThat(test.ask("SELECT count(*) FROM message JOIN thread ON thread.id = thread_id"
                        + " WHERE message.changed > thread.changed OR message.created_at > thread.updated_at"))
                .isEqualTo("0");
        assertThat(test.ask("SELECT count(*) FROM message JOIN message next USING (thread_id)"
                        + " WHERE message.seq < next.seq AND message.created_at > next.created_at"))
                .isEqualTo("0");
    }

    /** Runs them as soon as each has met somebody else's lock on the thread. */
    private List<SendOutcome> onceAllWaitForTheThread(List<Callable<SendOutcome>> sends) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Connection blocker = test.connect()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("SELECT id FROM thread FOR UPDATE");
            List<Future<SendOutcome>> running =
                    sends.stream().map(executor::submit).toList();
            Conversation.await(() -> Conversation.waitingForALock(test) == sends.size());
            blocker.rollback();
            List<SendOutcome> outcomes = new ArrayList<>();
            for (Future<SendOutcome> each : running) {
                outcomes.add(each.get(10, TimeUnit.SECONDS));
            }
            return outcomes;
        }
    }

    @Test
    void whatIsNewIsStoredBesideRepeatsAndStrangers() {
        Statements statements = Statements.of(test);
        Message first = Conversation.send(test, ann, thread, "first", "c1").message();
        UserId eve = test.user("eve");
        statements.take();

        List<SendResult> results = messages.sendAll(List.of(
                send(ann, thread, "second", "c2"),
                send(ann, thread, "first", "c1"),
                send(eve, thread, "from outside", null),
                send(ann, thread, "second", "c2"),
                send(bob, thread, "third", "c2"),
                send(ann, thread, "something else", "c1"),
                send(ann, new ThreadId("no-thread"), "to nowhere", null),
                send(ann, thread, "fourth", null)));

        List<SendOutcome> committed = IntStream.of(0, 1, 3, 4, 7)
                .mapToObj(i -> results.get(i).outcomeOrThrow())
                .toList();
        assertThat(committed)
                .extracting(outcome -> outcome.message().content())
                .containsExactly("second", "first", "second", "third", "fourth");
        assertThat(committed).extracting(outcome -> outcome.message().seq()).containsExactly(2L, 1L, 2L, 3L, 4L);
        assertThat(committed).extracting(SendOutcome::stored).containsExactly(true, false, false, true, true);
        assertThat(committed.get(1).message()).isEqualTo(first);
        failsWith(ErrorCode.NOT_FOUND, results.get(2)::outcomeOrThrow);
        failsWith(ErrorCode.CONFLICT, results.get(5)::outcomeOrThrow);
        failsWith(ErrorCode.NOT_FOUND, results.get(6)::outcomeOrThrow);
        assertThat(statements.take())
                .as("one for those that are new, two for the rest")
                .hasSize(3);
        assertThat(test.ask("SELECT last_seq FROM thread")).isEqualTo("4");
    }

    /** Who waits for the first of them holds no other, so that no two wait for each other. */
    @Test
    void threadsAreLockedInTheOrderOfTheirIds() throws Exception {
        List<ThreadId> threads = Stream.concat(
                        Stream.of(thread),
                        Stream.generate(() -> Conversation.group(test, ann, bob).id()))
                .limit(12)
                .sorted(Comparator.comparing(ThreadId::value).reversed())
                .toList();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Connection blocker = test.connect();
                Connection other = test.connect()) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("SELECT id FROM thread WHERE id = '"
                            + threads.getLast().value() + "' FOR UPDATE");
            Future<List<SendResult>> sent = executor.submit(() -> messages.sendAll(
                    threads.stream().map(each -> send(ann, each, "hello", null)).toList()));
            Conversation.await(() -> Conversation.waitingForALock(test) == 1);

            try (ResultSet free =
                    other.createStatement().executeQuery("SELECT id FROM thread FOR UPDATE SKIP LOCKED")) {
                int count = 0;
                while (free.next()) {
                    count++;
                }
                assertThat(count).isEqualTo(threads.size() - 1);
            }

            blocker.rollback();
            assertThat(sent.get(10, TimeUnit.SECONDS))
                    .allSatisfy(result ->
                            assertThat(result.outcomeOrThrow().stored()).isTrue());
        }
    }

    /** A transaction that was given its id before another may get the lock after it. */
    @Test
    void aThreadsChangeNeverFallsBehindThatOfItsMessages() {
        test.execute(
                "UPDATE thread SET changed = CAST(CAST(CAST(CAST(pg_current_xact_id() AS text) AS bigint) + 1000 AS text) AS xid8)");
        String later = test.ask("SELECT changed FROM thread");

        Conversation.send(test, ann, thread, "hello");

        assertThat(test.ask("SELECT changed FROM thread")).isEqualTo(later);
    }

    /** The rest waits for the lock of its thread longer than anybody may. */
    @Test
    void whatIsNewStaysStoredWhereTheRestFails() throws Exception {
        ThreadId other = Conversation.group(test, ann, bob).id();
        Conversation.send(test, ann, other, "first", "c1");
        try (Connection blocker = test.connect()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("SELECT id FROM thread WHERE id = '" + other.value() + "' FOR UPDATE");

            List<SendResult> results =
                    messages.sendAll(List.of(send(ann, other, "first", "c1"), send(ann, thread, "second", null)));

            failsWith(ErrorCode.UNAVAILABLE, results.get(0)::outcomeOrThrow);
            assertThat(results.get(1).outcomeOrThrow().stored()).isTrue();
            assertThat(Conversation.messages(test.database(), thread)).hasSize(1);
        }
    }

    private static SendMessage hello(ThreadId thread, @Nullable String clientMessageId) {
        return send(new UserId("anybody"), thread, "hello", clientMessageId).request();
    }

    private static Send send(UserId sender, ThreadId thread, String content, @Nullable String clientMessageId) {
        return new Send(
                sender,
                new SendMessage(
                        thread, content, clientMessageId == null ? null : new ClientMessageId(clientMessageId)));
    }

    /** It would break a constraint, which PostgreSQL logs as an error. */
    @Test
    void aRetryDoesNotTryToStoreItAgain() {
        test.execute("""
                CREATE SEQUENCE attempt;
                CREATE FUNCTION attempt() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM nextval('attempt'); RETURN new; END $$;
                CREATE TRIGGER attempt BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION attempt()""");
        messages.sendAll(List.of(send(ann, thread, "hello", "c1"), send(ann, thread, "hello", "c1")));
        Conversation.send(test, ann, thread, "hello", "c1");
        assertThat(test.ask("SELECT last_value FROM attempt")).isEqualTo("1");
    }

    @Test
    void theSameClientMessageIdWithOtherContentIsAConflict() {
        Conversation.send(test, ann, thread, "hello", "c1");
        failsWith(ErrorCode.CONFLICT, () -> Conversation.send(test, ann, thread, "hello!", "c1"));
        assertThat(Conversation.send(test, ann, thread, "next").message().seq()).isEqualTo(2);
    }

    @Test
    void clientMessageIdsOfOthersAndOfOtherThreadsAreOtherIds() {
        ThreadId group = Conversation.group(test, ann, bob).id();
        assertThat(List.of(
                        Conversation.send(test, ann, thread, "a", "c1"),
                        Conversation.send(test, bob, thread, "b", "c1"),
                        Conversation.send(test, ann, group, "c", "c1"),
                        Conversation.send(test, ann, thread, "a"),
                        Conversation.send(test, ann, thread, "a")))
                .extracting(SendOutcome::stored)
                .containsOnly(true);
    }

    @Test
    void sendingMarksTheSendersOwnReading() {
        Conversation.send(test, ann, thread, "one");
        Message second = Conversation.send(test, bob, thread, "two").message();
        var listed = test.database()
                .threads()
                .list(bob, new ListThreads(null, null))
                .threads()
                .getFirst();
        assertThat(listed.unreadCount()).isZero();
        assertThat(listed.participants())
                .filteredOn(each -> each.id().equals(bob))
                .singleElement()
                .satisfies(own -> {
                    assertThat(own.lastReadSeq()).isEqualTo(2);
                    assertThat(own.lastReadAt()).isEqualTo(second.createdAt());
                });
    }

    @Test
    void aThreadOfOthersIsNotFound() {
        UserId eve = test.user("eve");
        failsWith(ErrorCode.NOT_FOUND, () -> Conversation.send(test, eve, thread, "hello"));
        failsWith(ErrorCode.NOT_FOUND, () -> messages.page(eve, new ListMessages(thread, null, null, null)));
        failsWith(ErrorCode.NOT_FOUND, () -> Conversation.send(test, ann, new ThreadId("nothing"), "hello"));
        assertThat(test.ask("SELECT count(*) FROM message")).isEqualTo("0");
    }

    @Test
    void pagesGoBackFromTheNewestAndForwardFromAnywhere() {
        IntStream.rangeClosed(1, 7).forEach(n -> Conversation.send(test, ann, thread, "message " + n));
        assertPage(new ListMessages(thread, 3, null, null), List.of(7L, 6L, 5L), true);
        assertPage(new ListMessages(thread, 3, 5L, null), List.of(4L, 3L, 2L), true);
        assertPage(new ListMessages(thread, 3, 2L, null), List.of(1L), false);
        assertPage(new ListMessages(thread, 3, null, 0L), List.of(1L, 2L, 3L), true);
        assertPage(new ListMessages(thread, 4, null, 3L), List.of(4L, 5L, 6L, 7L), false);
        assertPage(new ListMessages(thread, 4, null, 7L), List.of(), false);
    }

    /** A Lambda's answer carries the body as a JSON string, and may have 6 MB. */
    @ParameterizedTest
    @ValueSource(strings = {"<", "\"", "\\"})
    void aPageOfTheLongestMessagesFitsALambdasAnswer(String character) {
        test.execute("""
                INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
                SELECT gen_random_uuid(), '%s', n, 'ann', repeat('%s', 4000), now() FROM generate_series(1, 200) n
                """.formatted(thread, character));
        List<Long> seqs = new ArrayList<>();
        for (Long after = 0L; after != null; ) {
            MessagePage page = messages.page(bob, new ListMessages(thread, 200, null, after));
            assertThat(Json.text(Json.text(page)).length()).isLessThan(6_000_000);
            page.messages().forEach(message -> seqs.add(message.seq()));
            after = page.nextCursor();
        }
        assertThat(seqs)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
    }

    private void assertPage(ListMessages request, List<Long> seqs, boolean hasMore) {
        MessagePage page = messages.page(bob, request);
        assertThat(page.messages()).extracting(Message::seq).isEqualTo(seqs);
        assertThat(page.hasMore()).isEqualTo(hasMore);
        assertThat(page.nextCursor()).isEqualTo(hasMore ? seqs.getLast() : null);
    }
}
