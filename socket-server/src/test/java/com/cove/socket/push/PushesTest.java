package com.cove.socket.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.fcm.PushResult;
import com.cove.db.TestDatabase;
import com.cove.db.push.PushRules;
import com.cove.db.push.PushVerdict;
import com.cove.model.config.Environment;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sending, round by round on a clock of the test's; what is due is proven with the store. */
class PushesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final TestDatabase test = TestDatabase.create();
    private final ScriptedPhones phones = new ScriptedPhones();
    private final SettableClock clock = new SettableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final UserId ann = test.user("ann");
    private final UserId bob = test.user("bob");
    private final ThreadId thread = direct(bob);
    private final Pushes pushes = pushes(Runnable::run);

    PushesTest() {
        registers(bob, "phone", "bob's");
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        test.close();
    }

    private Pushes pushes(Executor executor) {
        Environment env = new Environment(Map.of("PUSH_STALE_MS", "14400000"));
        PushConfig config = PushConfig.from(env).orElseThrow();
        return new Pushes(test.database().pushes(), phones, config, executor, clock, new PushMeters(meters));
    }

    @Test
    void whatIsDueIsSentOnce() {
        send("hello");
        due();

        assertThat(phones.bodies()).containsExactly("hello");
        rounds(5, MINUTE);
        assertThat(phones.bodies()).hasSize(1);
        assertThat(why(bob)).isEqualTo(PushVerdict.SENT);
    }

    @Test
    void itIsTriedAgainAfterTheTimeThatFcmAsksForAndNotBefore() {
        phones.answer(ScriptedPhones.later(Duration.ofSeconds(30)));
        send("hello");
        due();
        assertThat(phones.requests).hasSize(1);

        phones.answer(ScriptedPhones.ACCEPTED);
        clock.advance(Duration.ofSeconds(29));
        rounds(2, Duration.ZERO);
        assertThat(phones.requests).hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        rounds(2, Duration.ZERO);
        assertThat(phones.bodies()).containsExactly("hello");
    }

    @Test
    void attemptsAreFurtherAndFurtherApartButNotForEver() {
        phones.answer(new PushResult.Later("INTERNAL", Optional.empty(), false));
        send("hello");
        due();

        rounds(60, Duration.ofSeconds(1));
        int inAMinute = phones.requests.size();
        assertThat(inAMinute).isBetween(4, 8);
        rounds(60, MINUTE);
        assertThat(phones.requests.size() - inAMinute).isBetween(5, 15);
    }

    @Test
    void whatFcmRefusesIsNotTriedAgain() {
        phones.answer(new PushResult.Refused("INVALID_ARGUMENT"));
        send("hello");
        due();
        rounds(5, MINUTE);

        assertThat(phones.requests).hasSize(1);
        assertThat(why(bob)).isEqualTo(PushVerdict.REFUSED);
    }

    @Test
    void aDeadTokenIsForgottenAndTheOtherDeviceGetsIt() {
        registers(bob, "old phone", "dead");
        phones.script =
                (token, _) -> token.equals("dead") ? new PushResult.DeadToken("UNREGISTERED") : ScriptedPhones.ACCEPTED;
        send("hello");
        due();
        rounds(3, MINUTE);

        assertThat(phones.requests).containsExactlyInAnyOrder("dead", "bob's");
        assertThat(why(bob)).isEqualTo(PushVerdict.SENT);
        send("again");
        due();
        assertThat(phones.requests).hasSize(3);
    }

    /** The app was installed again while FCM still said that it is not there. */
    @Test
    void aTokenThatIsRegisteredAnewWhileItFailsStaysAndGetsThePush() {
        phones.script = (token, _) -> {
            registers(bob, "phone", token);
            phones.answer(ScriptedPhones.ACCEPTED);
            return new PushResult.DeadToken("UNREGISTERED");
        };
        send("hello");
        due();
        rounds(2, Duration.ZERO);

        assertThat(phones.bodies()).containsExactly("hello");
    }

    @Test
    void fcmBeingDownForAnHourCostsFewRequestsAndLosesNothingThatIsStillDue() {
        Map<UserId, ThreadId> people = people(50);
        phones.answer(ScriptedPhones.DOWN);
        people.values().forEach(each -> send(each, "hello"));
        due();
        rounds(120, Duration.ofSeconds(30));
        assertThat(phones.requests).hasSizeBetween(6, 200);

        UserId reader = people.keySet().iterator().next();
        test.database()
                .reads()
                .mark(reader, new MarkRead(newest(people.get(reader)).id()));
        phones.answer(ScriptedPhones.ACCEPTED);
        rounds(100, Duration.ofSeconds(30));

        assertThat(phones.shown).hasSize(49);
        assertThat(phones.shown).extracting(ScriptedPhones.Shown::token).doesNotHaveDuplicates();
    }

    @Test
    void someTokensThatAlwaysFailDelayNobodyElseForLong() {
        phones.script = (token, _) -> token.equals("bob's")
                ? new PushResult.Later("INTERNAL", Optional.empty(), false)
                : ScriptedPhones.ACCEPTED;
        send("fails");
        due();
        rounds(60, MINUTE);
        ThreadId other = people(1).values().iterator().next();
        send(other, "hello");
        rounds(3, MINUTE);

        assertThat(phones.bodies()).containsExactly("hello");
    }

    @Test
    void whatGrewStaleWhileFcmWasDownIsNotSent() {
        phones.answer(ScriptedPhones.DOWN);
        send("old news");
        due();
        rounds(10, Duration.ofMinutes(30));
        phones.answer(ScriptedPhones.ACCEPTED);
        rounds(10, Duration.ofMinutes(30));

        assertThat(phones.shown).isEmpty();
        assertThat(why(bob)).isEqualTo(PushVerdict.STALE);
    }

    /** Killed: its executor never runs what it is given. */
    @Test
    void aNodeThatIsKilledBetweenClaimAndSendIsFollowedByAnother() {
        Pushes killed = pushes(_ -> {});
        send("hello");
        killed.round();
        clock.advance(Duration.ofSeconds(3));
        killed.round();
        assertThat(phones.requests).isEmpty();

        rounds(2, LEASE.dividedBy(2).minusMillis(1));
        assertThat(phones.requests).isEmpty();
        rounds(2, Duration.ofSeconds(1));
        assertThat(phones.bodies()).containsExactly("hello");
    }

    /** FCM has it and nobody knows. The second carries the same thread, by which the device shows one. */
    @Test
    void aNodeThatIsKilledBetweenSendAndRecordIsRepeated() {
        Pushes killed = pushes(Runnable::run);
        send("hello");
        killed.round();
        clock.advance(Duration.ofSeconds(3));
        killed.round();
        assertThat(phones.bodies()).containsExactly("hello");

        rounds(2, LEASE);
        rounds(5, LEASE);
        assertThat(phones.bodies()).containsExactly("hello", "hello");
        assertThat(phones.shown).extracting(each -> each.push().threadId()).containsOnly(thread);
    }

    @Test
    void twoNodesThatCompeteSendEachPushOnce() {
        List<ThreadId> threadIds = List.copyOf(people(300).values());
        Pushes one = pushes(threads);
        Pushes two = pushes(threads);
        threadIds.forEach(each -> send(each, "hello"));
        one.start();
        two.start();
        await("the first decision")
                .untilAsserted(() ->
                        assertThat(test.ask("SELECT count(*) FROM push_moment")).isNotEqualTo("0"));
        clock.advance(Duration.ofSeconds(3));
        await("all are sent")
                .untilAsserted(() -> assertThat(test.ask("SELECT count(*) FROM push WHERE verdict = 'SENT'"))
                        .isEqualTo("300"));
        one.close();
        two.close();

        assertThat(phones.requests).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void oneThatStallsDelaysNoOther() throws Exception {
        CountDownLatch stalls = new CountDownLatch(1);
        phones.script = (token, _) -> {
            if (token.equals("bob's")) {
                try {
                    stalls.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return ScriptedPhones.ACCEPTED;
        };
        Pushes running = pushes(threads);
        send("stalls");
        people(100).values().forEach(each -> send(each, "hello"));
        running.start();
        await("the first decision")
                .untilAsserted(() ->
                        assertThat(test.ask("SELECT count(*) FROM push_moment")).isNotEqualTo("0"));
        clock.advance(Duration.ofSeconds(3));

        await("the others are sent")
                .untilAsserted(() -> assertThat(test.ask("SELECT count(*) FROM push WHERE verdict = 'SENT'"))
                        .isEqualTo("100"));
        stalls.countDown();
        running.close();
        assertThat(phones.shown).hasSize(101);
    }

    @Test
    void whatIsBeingSentWhileANodeStopsIsRecorded() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        phones.script = (_, _) -> {
            sending.countDown();
            try {
                stopping.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ScriptedPhones.ACCEPTED;
        };
        Pushes running = pushes(threads);
        send("hello");
        pushes.round();
        clock.advance(Duration.ofSeconds(3));
        running.start();
        sending.await();
        threads.execute(stopping::countDown);
        running.close();

        assertThat(why(bob)).isEqualTo(PushVerdict.SENT);
    }

    /**
     * A week in steps of up to half an hour: messages and readings at random, FCM away for hours. Whatever is accepted was unread and the
     * newest, never the same twice; in the end everybody's newest unread message was pushed or is stale.
     */
    @Test
    void aWeekOfMessagesReadingsAndOutagesPushesNothingTwiceAndNothingThatWasRead() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<UserId, ThreadId> people = people(8);
        Map<ThreadId, Long> last = new HashMap<>();
        Map<ThreadId, Long> read = new ConcurrentHashMap<>();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        Map<ThreadId, Long> accepted = new HashMap<>();
        boolean[] down = new boolean[1];
        phones.script = (_, push) -> {
            if (down[0]) {
                return ScriptedPhones.DOWN;
            }
            if (push instanceof com.cove.model.push.Push.Notification notification) {
                if (notification.seq() <= read.getOrDefault(push.threadId(), 0L)) {
                    wrong.add("read: " + notification);
                }
                if (notification.seq() <= accepted.getOrDefault(push.threadId(), 0L)) {
                    wrong.add("twice or late: " + notification);
                }
                accepted.put(push.threadId(), notification.seq());
            }
            return ScriptedPhones.ACCEPTED;
        };
        for (Duration passed = Duration.ZERO; passed.compareTo(Duration.ofDays(7)) < 0; ) {
            Duration step = Duration.ofSeconds(1 + random.nextInt(1_800));
            passed = passed.plus(step);
            if (random.nextInt(20) == 0) {
                down[0] = !down[0];
            }
            people.forEach((user, each) -> {
                if (random.nextInt(6) == 0) {
                    last.put(each, send(each, "message").seq());
                } else if (random.nextInt(6) == 0 && last.containsKey(each)) {
                    Message newest = newest(each);
                    test.database().reads().mark(user, new MarkRead(newest.id()));
                    read.put(each, newest.seq());
                }
            });
            rounds(2, Duration.ofSeconds(3));
            clock.advance(step);
        }
        down[0] = false;
        rounds(60, MINUTE);

        assertThat(wrong).as("seed %s", seed).isEmpty();
        people.forEach((user, each) -> {
            long newest = last.getOrDefault(each, 0L);
            boolean stale = test.ask(
                            "SELECT count(*) FROM push WHERE user_id = '" + user.value() + "' AND verdict = 'STALE'")
                    .equals("1");
            assertThat(stale || read.getOrDefault(each, 0L) >= newest || accepted.getOrDefault(each, 0L) == newest)
                    .as("seed %s: %s of %s, read %s, pushed %s", seed, newest, user, read.get(each), accepted.get(each))
                    .isTrue();
        });
    }

    private Map<UserId, ThreadId> people(int count) {
        Map<UserId, ThreadId> people = new HashMap<>();
        for (int n = 0; n < count; n++) {
            UserId user = test.user("user" + n);
            registers(user, "phone", "token of user" + n);
            people.put(user, direct(user));
        }
        return people;
    }

    private ThreadId direct(UserId other) {
        return test.database()
                .threads()
                .create(ann, new CreateThread(List.of(other), null))
                .thread()
                .id();
    }

    private Message send(String text) {
        return send(thread, text);
    }

    /** At the test's time. */
    private Message send(ThreadId where, String text) {
        Message message = test.database()
                .messages()
                .send(ann, new SendMessage(where, text, null))
                .message();
        test.execute("UPDATE message SET created_at = '" + clock.instant() + "' WHERE id = '"
                + message.id().value() + "'");
        return message;
    }

    private Message newest(@Nullable ThreadId where) {
        return test.database()
                .messages()
                .page(
                        ann,
                        new com.cove.model.message.ListMessages(java.util.Objects.requireNonNull(where), 1, null, null))
                .messages()
                .getFirst();
    }

    private void registers(UserId user, String device, String token) {
        test.database().devices().update(user, new UpdateFcmToken(token, device));
    }

    /** Until the grace is over, and what is due then is sent and recorded. */
    private void due() {
        pushes.round();
        clock.advance(Duration.ofSeconds(3));
        rounds(2, Duration.ZERO);
    }

    private void rounds(int count, Duration each) {
        for (int n = 0; n < count; n++) {
            boolean more = pushes.round();
            while (more) {
                more = pushes.round();
            }
            clock.advance(each);
        }
        pushes.round();
    }

    private PushVerdict why(UserId user) {
        PushRules rules = new PushRules(Duration.ofSeconds(3), MINUTE, Duration.ofHours(4), true);
        return test.database()
                .pushes()
                .explain(user, newest(thread).id(), rules, clock.instant())
                .verdict();
    }
}
