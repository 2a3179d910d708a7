package com.cove.db.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class PushStoreTest {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final PushRules RULES = new PushRules(GRACE, Duration.ofSeconds(10), Duration.ofHours(4), true);

    private final TestDatabase test;
    private final ReachStore reach;
    private final PushStore pushes;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;
    private Instant now = Instant.now();

    PushStoreTest(TestDatabase test) {
        this.test = test;
        this.reach = test.database().reach();
        this.pushes = test.database().pushes();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
        registers(bob, "phone", "bob's");
    }

    // --- what is due ---

    @Test
    void aMessageThatReachedNobodyIsDueOnceItsGraceIsOver() {
        Message sent = send(ann, "hello");

        assertThat(decide()).isZero();
        later(GRACE.minusMillis(1));
        assertThat(decide()).isZero();
        later(Duration.ofMillis(1));
        assertThat(decide()).isOne();
        later(GRACE);
        assertThat(decide()).isZero();

        DuePush due = claim().getFirst();
        assertThat(due.user()).isEqualTo(bob);
        assertThat(due.message()).isEqualTo(sent.id());
        assertThat(due.seq()).isOne();
        assertThat(due.senderName()).isEqualTo("ann's name");
        assertThat(due.title()).isNull();
        assertThat(due.text()).isEqualTo("hello");
        assertThat(due.unread()).isOne();
        assertThat(due.withdraws()).isFalse();
        assertThat(due.devices()).extracting(PushDevice::token).containsExactly("bob's");
    }

    @Test
    void theSenderAndThoseWithoutADeviceAreDueNothing() {
        registers(ann, "phone", "ann's");
        UserId carol = test.user("carol");
        Conversation.send(test, ann, Conversation.group(test, ann, bob, carol).id(), "to all");

        decideAll();

        assertThat(claim()).extracting(DuePush::user).containsExactly(bob);
        assertThat(why(bob)).isEqualTo(PushVerdict.DUE);
        assertThat(why(ann)).isEqualTo(PushVerdict.OWN);
        assertThat(why(carol)).isEqualTo(PushVerdict.NO_DEVICE);
    }

    @Test
    void whoReadOrReceivedItOrMutedTheThreadIsDueNothing() {
        UserId carol = test.user("carol");
        UserId dora = test.user("dora");
        registers(carol, "phone", "carol's");
        registers(dora, "phone", "dora's");
        ThreadId group = Conversation.group(test, ann, bob, carol, dora).id();
        Message sent = Conversation.send(test, ann, group, "to all").message();
        test.database().reads().mark(bob, new MarkRead(sent.id()));
        test.database().threads().mute(carol, new MuteThread(group, now.plus(Duration.ofDays(1))));
        reached(dora, transactionOf(sent) + 1);

        decideAll();

        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.READ);
        assertThat(why(carol)).isEqualTo(PushVerdict.MUTED);
        assertThat(why(dora)).isEqualTo(PushVerdict.REACHED);
    }

    @Test
    void whatArrivedBeforeItIsNoReasonAgainstIt() {
        Message first = send(ann, "arrived");
        reached(bob, transactionOf(first) + 1);
        send(ann, "did not arrive");

        decideAll();

        assertThat(claim()).extracting(DuePush::text).containsExactly("did not arrive");
    }

    @Test
    void aMuteThatIsOverIsNone() {
        test.database().threads().mute(bob, new MuteThread(thread, now.plus(Duration.ofSeconds(1))));
        send(ann, "hello");

        decideAll();

        assertThat(claim()).hasSize(1);
    }

    @Test
    void aNodeThatLivesIsWaitedForButNotForEver() {
        Message sent = send(ann, "hello");
        reach.report(new NodeReport("slow", epoch(), transactionOf(sent), Map.of(), now));
        decide();
        later(GRACE);
        assertThat(decide()).isZero();

        later(RULES.patience().minusMillis(1));
        reach.report(new NodeReport("slow", epoch(), transactionOf(sent), Map.of(), now));
        assertThat(decide()).isZero();
        later(Duration.ofMillis(1));
        assertThat(decide()).isOne();
    }

    @Test
    void aNodeThatReportedOrEndedOrDiedIsNotWaitedFor() {
        Message sent = send(ann, "hello");
        long before = transactionOf(sent);
        reach.report(new NodeReport("ends", epoch(), before, Map.of(), now));
        reach.report(new NodeReport("dies", epoch(), before, Map.of(), now.minusSeconds(10)));
        reach.report(new NodeReport("reports", epoch(), before, Map.of(), now));
        decide();
        later(GRACE);
        assertThat(decide()).isZero();

        reach.forget("ends");
        reach.report(new NodeReport("reports", epoch(), before + 1, Map.of(), now));
        assertThat(decide()).isOne();
    }

    @Test
    void aMessageThatCommitsAfterLaterOnesIsNotForgotten() throws Exception {
        ThreadId other = Conversation.group(test, ann, bob).id();
        try (Connection connection = test.connect();
                Statement slow = connection.createStatement()) {
            connection.setAutoCommit(false);
            slow.execute("UPDATE thread SET last_seq = last_seq + 1 WHERE id = '" + other.value() + "'");
            slow.execute("INSERT INTO message (id, thread_id, seq, sender_id, content, created_at) VALUES"
                    + " (gen_random_uuid(), '" + other.value() + "', 1, 'ann', 'slow', now())");
            send(ann, "fast");
            decideAll();
            assertThat(claim()).isEmpty();
            connection.commit();
        }

        decideAll();

        assertThat(claim()).extracting(DuePush::text).containsExactlyInAnyOrder("fast", "slow");
    }

    @Test
    void manyMessagesAreDecidedAboutPageByPage() {
        test.execute("UPDATE thread SET last_seq = " + (PushStore.PAGE + 1) + " WHERE id = '" + thread.value() + "'");
        test.execute("INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)"
                + " SELECT gen_random_uuid(), '" + thread.value() + "', n, 'ann', 'message ' || n, now()"
                + " FROM generate_series(1, " + (PushStore.PAGE + 1) + ") AS n");
        decide();
        later(GRACE);

        assertThat(pushes.decide(RULES, PushStore.PAGE, now)).isEqualTo(new PushStore.Decided(1, true));
        assertThat(pushes.decide(RULES, PushStore.PAGE, now)).isEqualTo(new PushStore.Decided(1, false));
        assertThat(claim()).extracting(DuePush::seq).containsExactly(PushStore.PAGE + 1L);
    }

    @Test
    void nothingIsWrittenWhereNothingHappened() {
        send(ann, "hello");
        decideAll();
        claim();
        String before = test.ask("SELECT pg_current_xact_id()");
        later(GRACE);

        decide();
        claim();

        assertThat(Long.parseLong(test.ask("SELECT pg_current_xact_id()"))).isEqualTo(Long.parseLong(before) + 1);
    }

    @Test
    void aDatabaseRestoredToATimeBeforeIsDecidedAboutFromNowOn() {
        test.execute("UPDATE push_progress SET stored_in = '9000000000', read_in = '9000000000'");
        reached(bob, 9_000_000_000L);
        decide();

        send(ann, "after the restore");
        decideAll();

        assertThat(claim()).extracting(DuePush::text).containsExactly("after the restore");
    }

    @Test
    void whatWasReachedInAnotherHistoryCountsForNothing() {
        reach.report(new NodeReport("node", "another history", Long.MAX_VALUE, Map.of(bob, 9_000_000_000L), now));
        send(ann, "hello");

        decideAll();

        assertThat(claim()).hasSize(1);
    }

    // --- one pending push ---

    @Test
    void aLaterMessageTakesThePlaceOfThePendingOne() {
        Message first = send(ann, "first");
        decideAll();
        Message second = send(ann, "second");
        decideAll();

        assertThat(claim()).extracting(DuePush::text).containsExactly("second");
        assertThat(explain(bob, first.id()).verdict()).isEqualTo(PushVerdict.REPLACED);
        assertThat(explain(bob, second.id()).verdict()).isEqualTo(PushVerdict.DUE);
    }

    @Test
    void whatIsTriedAgainLaterIsRaisedAndNotHurried() {
        send(ann, "first");
        decideAll();
        DuePush due = claim().getFirst();
        record(new PushOutcome(due, PushVerdict.DUE, false, List.of("phone"), now.plusSeconds(60), "UNAVAILABLE"));
        send(ann, "second");
        decideAll();
        assertThat(claim()).isEmpty();

        later(Duration.ofMinutes(1));
        DuePush again = claim().getFirst();
        assertThat(again.text()).isEqualTo("second");
        assertThat(again.attempts()).isOne();
    }

    @Test
    void aReadingOfAnEarlierMessageHurriesNothing() {
        Message first = send(ann, "first");
        send(ann, "second");
        decideAll();
        record(new PushOutcome(
                claim().getFirst(), PushVerdict.DUE, false, List.of("phone"), now.plusSeconds(60), "QUOTA_EXCEEDED"));
        test.database().reads().mark(bob, new MarkRead(first.id()));

        decide();

        assertThat(claim()).isEmpty();
    }

    @Test
    void aMessageThatComesWhileOneIsSentIsDueAfterIt() {
        send(ann, "first");
        decideAll();
        DuePush first = claim().getFirst();
        send(ann, "second");
        decideAll();
        assertThat(claim()).isEmpty();

        record(sent(first));

        assertThat(claim()).extracting(DuePush::text).containsExactly("second");
    }

    // --- claims ---

    @Test
    void twoWhoClaimAtOnceNeverGetTheSame() throws Exception {
        for (int n = 0; n < 40; n++) {
            UserId user = test.user("user" + n);
            registers(user, "phone", "token" + n);
            Conversation.send(test, ann, Conversation.direct(test, ann, user).id(), "hello");
        }
        decideAll();

        Callable<List<DuePush>> claim = () -> claim(10);
        List<DuePush> claimed = Conversation.atOnce(Collections.nCopies(4, claim)).stream()
                .flatMap(List::stream)
                .toList();

        assertThat(claimed).extracting(DuePush::user).doesNotHaveDuplicates();
        assertThat(claimed.size() + claim(50).size()).isEqualTo(40);
    }

    @Test
    void whatItsClaimantNeverRecordedIsClaimedAgainOnceTheLeaseIsOver() {
        send(ann, "hello");
        decideAll();
        DuePush lost = claim().getFirst();
        later(LEASE.minusMillis(1));
        assertThat(claim()).isEmpty();

        later(Duration.ofMillis(1));
        DuePush again = claim().getFirst();
        record(new PushOutcome(lost, PushVerdict.DUE, false, List.of("phone"), now, "LATE"));

        assertThat(claim()).isEmpty();
        record(sent(again));
        assertThat(why(bob)).isEqualTo(PushVerdict.SENT);
    }

    @Test
    void whatWasReadOrReceivedOrMutedMeanwhileIsNotSent() {
        Message read = send(ann, "read");
        decideAll();
        test.database().reads().mark(bob, new MarkRead(read.id()));
        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.READ);

        Message received = send(ann, "received");
        decideAll();
        reached(bob, transactionOf(received) + 1);
        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.REACHED);

        send(ann, "muted");
        decideAll();
        test.database().threads().mute(bob, new MuteThread(thread, now.plus(Duration.ofDays(1))));
        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.MUTED);
    }

    @Test
    void whatGrewStaleBeforeItCouldBeSentIsNotSent() {
        send(ann, "news");
        decideAll();
        later(RULES.stale());

        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.STALE);
    }

    @Test
    void whoseLastDeviceWasForgottenIsSentNothing() {
        send(ann, "hello");
        decideAll();
        registers(bob, "phone", null);

        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.NO_DEVICE);
    }

    // --- outcomes ---

    @Test
    void whatWasSentIsNotSentAgain() {
        send(ann, "hello");
        decideAll();
        record(sent(claim().getFirst()));

        decideAll();
        later(Duration.ofHours(1));
        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.SENT);
    }

    @Test
    void itIsTriedAgainForTheDevicesThatLackIt() {
        registers(bob, "tablet", "bob's tablet");
        send(ann, "hello");
        decideAll();
        DuePush both = claim().getFirst();
        assertThat(both.devices()).hasSize(2);
        record(new PushOutcome(both, PushVerdict.DUE, true, List.of("tablet"), now.plusSeconds(1), "UNAVAILABLE"));

        later(Duration.ofSeconds(1));
        DuePush rest = claim().getFirst();
        assertThat(rest.devices()).extracting(PushDevice::device).containsExactly("tablet");
        record(sent(rest));
        assertThat(claim()).isEmpty();
    }

    @Test
    void aLaterMessageGoesToAllDevicesAlthoughSomeLackedOnlyTheOneBefore() {
        registers(bob, "tablet", "bob's tablet");
        send(ann, "first");
        decideAll();
        record(new PushOutcome(
                claim().getFirst(), PushVerdict.DUE, true, List.of("tablet"), now.plusSeconds(600), "UNAVAILABLE"));
        send(ann, "second");
        decideAll();

        assertThat(claim().getFirst().devices()).hasSize(2);
    }

    @Test
    void whatFcmRefusesIsNotTriedAgainUntilThereIsSomethingNewer() {
        send(ann, "refused");
        decideAll();
        record(new PushOutcome(claim().getFirst(), PushVerdict.REFUSED, false, List.of(), null, "INVALID_ARGUMENT"));
        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.REFUSED);

        send(ann, "another");
        decideAll();
        assertThat(claim()).extracting(DuePush::text).containsExactly("another");
    }

    // --- reading elsewhere ---

    @Test
    void aNotificationIsWithdrawnOnceItsMessageIsRead() {
        Message message = send(ann, "hello");
        decideAll();
        record(sent(claim().getFirst()));
        test.database().reads().mark(bob, new MarkRead(message.id()));
        decide();

        DuePush withdrawal = claim().getFirst();
        assertThat(withdrawal.withdraws()).isTrue();
        assertThat(withdrawal.unread()).isZero();
        record(new PushOutcome(withdrawal, PushVerdict.WITHDRAWN, true, List.of(), null, null));

        decideAll();
        assertThat(claim()).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.WITHDRAWN);
    }

    @Test
    void aNotificationIsWithdrawnOnceItsReaderAnswers() {
        send(ann, "hello");
        decideAll();
        record(sent(claim().getFirst()));

        send(bob, "an answer");
        decideAll();

        assertThat(claim()).extracting(DuePush::withdraws).containsExactly(true);
    }

    @Test
    void aNotificationOfALaterMessageStays() {
        Message first = send(ann, "first");
        send(ann, "second");
        decideAll();
        record(sent(claim().getFirst()));
        test.database().reads().mark(bob, new MarkRead(first.id()));

        decideAll();

        assertThat(claim()).isEmpty();
    }

    @Test
    void whatIsReadWhileItIsSentIsWithdrawnAfterIt() {
        Message message = send(ann, "hello");
        decideAll();
        DuePush push = claim().getFirst();
        test.database().reads().mark(bob, new MarkRead(message.id()));
        decideAll();
        record(sent(push));

        assertThat(claim()).extracting(DuePush::withdraws).containsExactly(true);
    }

    @Test
    void itIsWithdrawnFromEveryDeviceAtOnceAlthoughSomeNeverGotIt() {
        registers(bob, "tablet", "bob's tablet");
        Message message = send(ann, "hello");
        decideAll();
        record(new PushOutcome(
                claim().getFirst(), PushVerdict.DUE, true, List.of("tablet"), now.plusSeconds(600), "UNAVAILABLE"));
        test.database().reads().mark(bob, new MarkRead(message.id()));
        decide();

        assertThat(claim()).singleElement().satisfies(withdrawal -> {
            assertThat(withdrawal.withdraws()).isTrue();
            assertThat(withdrawal.devices()).hasSize(2);
        });
    }

    @Test
    void whatIsShownIsWithdrawnOnceReadAlthoughALaterOneWasNotDue() {
        Message shown = send(ann, "shown");
        decideAll();
        record(sent(claim().getFirst()));
        send(ann, "not shown");
        decideAll();
        test.database().threads().mute(bob, new MuteThread(thread, now.plus(Duration.ofDays(1))));
        assertThat(claim()).isEmpty();
        test.database().reads().mark(bob, new MarkRead(shown.id()));
        decide();

        assertThat(claim()).extracting(DuePush::withdraws).containsExactly(true);
    }

    @Test
    void manyReadingsAreLookedAtPageByPage() {
        Message message = send(ann, "hello");
        decideAll();
        record(sent(claim().getFirst()));
        test.execute("SET session_replication_role = replica;"
                + " INSERT INTO message_read (message_id, user_id, read_at, thread_id)"
                + " SELECT gen_random_uuid(), 'ann', now(), '" + thread.value() + "' FROM generate_series(1, 6000)");
        test.database().reads().mark(bob, new MarkRead(message.id()));

        int rounds = 1;
        while (pushes.decide(RULES, PushStore.PAGE, now).more()) {
            rounds++;
        }

        assertThat(rounds).isEqualTo(3);
        assertThat(claim()).extracting(DuePush::withdraws).containsExactly(true);
    }

    @Test
    void whoWantsNoWithdrawalsHasNone() {
        PushRules rules = new PushRules(GRACE, RULES.patience(), RULES.stale(), false);
        Message message = send(ann, "hello");
        decideAll();
        record(sent(claim().getFirst()));
        test.database().reads().mark(bob, new MarkRead(message.id()));
        decide();

        assertThat(pushes.claim(10, LEASE, rules, now).due()).isEmpty();
    }

    // --- devices ---

    @Test
    void aDeadTokenIsForgottenUnlessItWasRegisteredAnewSince() {
        send(ann, "hello");
        decideAll();
        List<PushDevice> dead = claim().getFirst().devices();
        registers(bob, "phone", "bob's");
        assertThat(pushes.remove(dead)).isZero();

        assertThat(pushes.remove(stored(bob))).isOne();
        assertThat(reach.withDevices(Set.of(ann, bob))).isEmpty();
    }

    @Test
    void aDeadTokenThatAnotherTookThePlaceOfTakesNothingAway() {
        send(ann, "hello");
        decideAll();
        List<PushDevice> dead = claim().getFirst().devices();
        registers(bob, "phone", "bob's new one");

        assertThat(pushes.remove(dead)).isZero();
        assertThat(reach.withDevices(Set.of(ann, bob))).containsExactly(bob);
    }

    @Test
    void tokensThatNobodyRenewedAreDropped() {
        registers(ann, "phone", "ann's");
        test.execute("UPDATE device SET updated_at = updated_at - interval '271 days'");
        registers(ann, "phone", "ann's");

        assertThat(pushes.tidy(now.minus(Duration.ofDays(270)), now)).isOne();

        assertThat(reach.withDevices(Set.of(ann, bob))).containsExactly(ann);
    }

    // --- why ---

    @Test
    void whatIsNotDecidedYetAndWhatNobodyMayKnowIsSaid() {
        Message message = send(ann, "hello");

        assertThat(explain(bob, message.id()).verdict()).isEqualTo(PushVerdict.UNDECIDED);
        assertThat(explain(test.user("eve"), message.id()).verdict()).isEqualTo(PushVerdict.NOT_MEMBER);
        assertThat(explain(bob, new MessageId("none")).verdict()).isEqualTo(PushVerdict.NOT_MEMBER);
        test.database().reads().mark(bob, new MarkRead(message.id()));
        assertThat(explain(bob, message.id()).verdict()).isEqualTo(PushVerdict.READ);
    }

    private Message send(UserId sender, String text) {
        return Conversation.send(test, sender, thread, text).message();
    }

    private void registers(UserId user, String device, @Nullable String token) {
        test.database().devices().update(user, new UpdateFcmToken(token, device));
    }

    private List<PushDevice> stored(UserId user) {
        return List.of(new PushDevice(
                user,
                "phone",
                test.ask("SELECT fcm_token FROM device WHERE user_id = '" + user.value() + "'"),
                Instant.parse(
                        test.ask("SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                                + " FROM device WHERE user_id = '" + user.value() + "'"))));
    }

    private void reached(UserId user, long below) {
        reach.report(new NodeReport("node", epoch(), Long.MAX_VALUE, Map.of(user, below), now));
    }

    private long transactionOf(Message message) {
        return Long.parseLong(test.ask(
                "SELECT changed FROM message WHERE id = '" + message.id().value() + "'"));
    }

    private String epoch() {
        return test.database().news().horizon().epoch();
    }

    private void later(Duration time) {
        now = now.plus(time);
    }

    private int decide() {
        return pushes.decide(RULES, PushStore.PAGE, now).due();
    }

    private void decideAll() {
        decide();
        later(GRACE);
        decide();
    }

    private List<DuePush> claim() {
        return claim(10);
    }

    private List<DuePush> claim(int limit) {
        return pushes.claim(limit, LEASE, RULES, now).due();
    }

    private void record(PushOutcome outcome) {
        pushes.record(List.of(outcome), now);
    }

    private static PushOutcome sent(DuePush push) {
        return new PushOutcome(push, PushVerdict.SENT, true, List.of(), null, null);
    }

    /** About the newest message. */
    private PushVerdict why(UserId user) {
        String id = test.ask("SELECT id FROM message ORDER BY message.changed DESC, seq DESC LIMIT 1");
        return explain(user, new MessageId(id)).verdict();
    }

    private PushExplanation explain(UserId user, MessageId message) {
        return pushes.explain(user, message, RULES, now);
    }
}
