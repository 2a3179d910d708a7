package com.cove.db;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.history.Horizon;
import com.cove.db.news.MessagePlace;
import com.cove.db.push.PushRules;
import com.cove.db.push.PushStore;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.ListMessages;
import com.cove.model.read.MarkRead;
import com.cove.model.sync.Sync;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How many statements a use case takes: as many for a hundred rows as for one. */
@ExtendWith(TestDatabaseExtension.class)
class QueryCountTest {
    private final TestDatabase test;
    private final Database db;
    private final UserId ann;
    private final Statements statements;

    QueryCountTest(TestDatabase test) {
        this.test = test;
        this.db = test.database();
        this.ann = test.user("ann");
        this.statements = Statements.of(test);
    }

    @Test
    void aPageOfThreadsTakesOneStatementHoweverLong() {
        assertThat(count(() -> db.threads().list(ann, new ListThreads(1, null))))
                .isEqualTo(1);
        threadsWithAMessage(100);
        assertThat(count(() -> db.threads().list(ann, new ListThreads(100, null))))
                .isEqualTo(1);
        String next = db.threads().list(ann, new ListThreads(1, null)).nextPage();
        assertThat(count(() -> db.threads().list(ann, new ListThreads(100, next))))
                .isEqualTo(1);
    }

    @Test
    void aPageOfManyChangesTakesAsManyStatementsAsAPageOfTwo() {
        var before = db.threads().list(ann, new ListThreads(1, null)).cursor();
        threadsWithAMessage(1);
        var between = db.threads().list(ann, new ListThreads(1, null)).cursor();
        int few = count(() -> db.sync().changes(ann, new Sync(before, 500)));
        threadsWithAMessage(100);
        assertThat(count(() -> db.sync().changes(ann, new Sync(between, 500))))
                .isEqualTo(few)
                .isEqualTo(5);
    }

    @Test
    void theNewsOfAHundredThreadsAndTheirMembersTakeAsManyStatementsAsThoseOfOne() {
        Horizon before = db.news().horizon();
        threadsWithAMessage(1);
        int one = count(() -> news(before));
        threadsWithAMessage(100);
        assertThat(news(before)).isEqualTo(101);
        assertThat(count(() -> news(before))).isEqualTo(one).isEqualTo(2);
    }

    @Test
    void theBeginningsOfAHundredThreadsTakeOneStatement() {
        threadsWithAMessage(100);
        List<ThreadId> created = db.news().messages(MessagePlace.before(new Horizon("", 1, 1, List.of()))).stream()
                .map(MessagePlace::thread)
                .toList();
        assertThat(count(() -> assertThat(db.news().beginnings(created)).hasSize(100)))
                .isEqualTo(1);
    }

    private int news(Horizon since) {
        return db.news()
                .members(db.news().messages(MessagePlace.before(since)).stream()
                        .map(MessagePlace::thread)
                        .toList())
                .size();
    }

    @Test
    void whatWasMissedInAHundredThreadsTakesAsManyStatementsAsInOne() {
        Horizon before = db.recovery().horizon();
        threadsWithAMessage(1);
        int one = count(() -> missed(before));
        threadsWithAMessage(100);
        assertThat(missed(before)).isEqualTo(2 * 101);
        assertThat(count(() -> missed(before))).isEqualTo(one).isEqualTo(9);
    }

    @Test
    void thatNothingWasMissedTakesTwoStatements() {
        threadsWithAMessage(1);
        Horizon before = db.recovery().horizon();

        assertThat(count(() -> assertThat(missed(before)).isZero())).isEqualTo(2);
    }

    /** Whoever was here until a moment ago: their last message is not in the snapshot that they had before. */
    @Test
    void thatAllWasSeenTakesTwoStatements() {
        Horizon before = db.recovery().horizon();
        threadsWithAMessage(1);

        assertThat(count(() -> assertThat(db.recovery()
                                .missed(ann, before, _ -> true, 1_000, 1_000_000)
                                .orElseThrow()
                                .changes())
                        .isEmpty()))
                .isEqualTo(2);
    }

    private int missed(Horizon since) {
        return db.recovery()
                .missed(ann, since, _ -> false, 1_000, 1_000_000)
                .orElseThrow()
                .changes()
                .size();
    }

    @Test
    void aPageOfMessagesTakesOneStatementHoweverLong() {
        ThreadId thread = Conversation.direct(test, ann, test.user("bob")).id();
        IntStream.range(0, 100).forEach(n -> Conversation.send(test, ann, thread, "message " + n));
        assertThat(count(() -> db.messages().page(ann, new ListMessages(thread, 1, null, null))))
                .isEqualTo(1);
        assertThat(count(() -> db.messages().page(ann, new ListMessages(thread, 200, null, null))))
                .isEqualTo(1);
    }

    @Test
    void sendingTakesOneStatementAndMarkingFourHoweverManyMembers() {
        UserId[] members =
                IntStream.range(0, 200).mapToObj(n -> test.user("member" + n)).toArray(UserId[]::new);
        ThreadId group = Conversation.group(test, ann, members).id();
        statements.take();
        var message = Conversation.send(test, ann, group, "hello").message();
        assertThat(statements.take()).hasSize(1);
        assertThat(count(() -> db.reads().mark(members[0], new MarkRead(message.id()))))
                .isEqualTo(4);
        assertThat(count(() -> db.reads().mark(members[0], new MarkRead(message.id()))))
                .isEqualTo(1);
    }

    /** Two, whose snapshot is taken under the thread's lock, and before them the one of a send that is new. */
    @Test
    void aSendThatIsRefusedOrRepeatedTakesTheWayOfABatch() {
        ThreadId thread = Conversation.direct(test, ann, test.user("bob")).id();
        UserId eve = test.user("eve");
        assertThat(count(() -> Conversation.send(test, ann, thread, "hello", "c1")))
                .isEqualTo(1);
        assertThat(count(() -> Conversation.send(test, ann, thread, "hello", "c1")))
                .isEqualTo(3);
        assertThat(count(
                        () -> failsWith(ErrorCode.CONFLICT, () -> Conversation.send(test, ann, thread, "other", "c1"))))
                .isEqualTo(3);
        assertThat(count(() -> failsWith(ErrorCode.NOT_FOUND, () -> Conversation.send(test, eve, thread, "hello"))))
                .isEqualTo(2);
    }

    @Test
    void aThreadOfManyIsCreatedInAsManyStatementsAsOneOfThree() {
        UserId[] members =
                IntStream.range(0, 200).mapToObj(n -> test.user("member" + n)).toArray(UserId[]::new);
        assertThat(count(() -> db.threads().create(ann, new CreateThread(List.of(members), "Many"))))
                .isEqualTo(count(() ->
                        db.threads().create(ann, new CreateThread(List.of(members[0], members[1]), "Three"))));
    }

    /** Each server asks once or twice a second, however little happens. */
    @Test
    void thatNothingIsToDoTakesOneStatementForPushesAndTwoForPresence() {
        threadsWithAMessage(1);
        PushRules rules = new PushRules(Duration.ZERO, Duration.ZERO, Duration.ofHours(1), true);
        Instant now = Instant.now();
        // Any transaction of the cluster may hold them back for a while, as that of an autovacuum.
        for (long all = db.news().horizon().nextUnseen(); decidedBelow() < all; now = now.plusSeconds(1)) {
            db.pushes().decide(rules, PushStore.PAGE, now);
        }
        Instant later = now;

        assertThat(count(() -> db.pushes().decide(rules, PushStore.PAGE, later)))
                .isEqualTo(1);
        assertThat(count(() -> db.pushes().claim(10, Duration.ofMinutes(1), rules, later)))
                .isEqualTo(1);
        Optional<Horizon> before =
                Optional.of(db.presence().since(Optional.empty()).until());
        assertThat(count(() -> db.presence().since(before))).isEqualTo(2);
    }

    private long decidedBelow() {
        return Long.parseLong(test.ask(
                "SELECT least(CAST(stored_in AS text)::bigint, CAST(read_in AS text)::bigint) FROM push_progress"));
    }

    private void threadsWithAMessage(int threads) {
        int offset = Integer.parseInt(test.ask("SELECT count(*) FROM thread"));
        IntStream.range(offset, offset + threads).forEach(n -> {
            UserId friend = test.user("friend" + n);
            Conversation.send(
                    test, friend, Conversation.direct(test, friend, ann).id(), "hello");
        });
    }

    private int count(Runnable useCase) {
        statements.take();
        useCase.run();
        return statements.take().size();
    }
}
