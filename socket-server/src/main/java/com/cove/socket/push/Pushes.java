package com.cove.socket.push;

import com.cove.auth.fcm.FcmClient;
import com.cove.auth.fcm.PushClient;
import com.cove.auth.fcm.PushResult;
import com.cove.db.push.DuePush;
import com.cove.db.push.PushDevice;
import com.cove.db.push.PushOutcome;
import com.cove.db.push.PushStore;
import com.cove.db.push.PushStore.Claimed;
import com.cove.db.push.PushStore.Decided;
import com.cove.db.push.PushVerdict;
import com.cove.model.push.Push;
import com.cove.model.push.Wording;
import com.cove.socket.rounds.Rhythm;
import com.cove.socket.rounds.Steps;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. One thread decides, claims and records, for many at once; each push to a device is sent on a thread of its own,
 * at most so many at a time, so that one that stalls delays no other. All that is to be remembered is in the database: a node that
 * dies leaves claims behind, whose lease ends.
 */
public final class Pushes implements AutoCloseable {
    /** As many as one claim takes, and as FCM's own batches have. */
    static final int BATCH = 500;

    private static final Logger log = LoggerFactory.getLogger(Pushes.class);
    private static final int UNDER_WAY = 2 * BATCH;
    private static final int MAX_CLAIMS = 50;
    private static final int MIN_PAGE = 20;
    private static final int AT_ONCE = FcmClient.CONCURRENT_SENDS;
    private static final Duration PACE = Duration.ofMillis(500);
    /** So that many answers are recorded together. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private static final Duration LEASE = Duration.ofMinutes(2);
    /** What has not begun this long before the lease ends, is left to whoever claims it then. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration TIDY = Duration.ofHours(1);
    /** After which FCM itself forgets a token that nobody uses. */
    private static final Duration TOKEN_LIVES = Duration.ofDays(270);

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
    private static final Set<String> ANSWERS = Set.of("DEVICE_QUOTA_EXCEEDED", "THIRD_PARTY_AUTH_ERROR");
    private static final PushResult LEFT = new PushResult.Later("LEFT", Optional.empty(), false);

    private final PushStore store;
    private final PushClient client;
    private final PushConfig config;
    private final Executor executor;
    private final InstantSource clock;
    private final PushMeters meters;
    private final Backoff backoff;
    private final Pause pause = new Pause();
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final AtomicInteger underWay = new AtomicInteger();
    private final Queue<Attempt> answered = new ConcurrentLinkedQueue<>();
    private final Rhythm rhythm = new Rhythm(BREATH);
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** The rest is of the thread that works. */
    private final Steps steps = new Steps(
            log,
            "pushes cannot be decided about or recorded, and are tried again",
            "pushes are decided about and recorded again",
            rhythm::isClosed);

    private Instant tidied = Instant.MIN;
    private int page = PushStore.PAGE;

    public Pushes(
            PushStore store,
            PushClient client,
            PushConfig config,
            Executor executor,
            InstantSource clock,
            PushMeters meters) {
        this.store = store;
        this.client = client;
        this.config = config;
        this.executor = executor;
        this.clock = clock;
        this.meters = meters;
        this.backoff = new Backoff(RandomGenerator.getDefault());
        meters.watch(underWay, () -> !pause.isOver(clock.instant()));
    }

    /** Begins to send. */
    public void start() {
        executor.execute(this::work);
    }

    private void work() {
        try {
            boolean more = true;
            while (rhythm.next(more ? Duration.ZERO : PACE)) {
                more = round();
            }
            long end = System.nanoTime() + LAST_ANSWERS.toNanos();
            while (steps.take(this::record) && underWay.get() > 0 && System.nanoTime() < end) {
                boolean _ = rhythm.next(Duration.ofNanos(end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    /** True where there is more to do at once. */
    boolean round() {
        boolean[] more = new boolean[1];
        return steps.take(List.of(this::record, () -> more[0] |= decide(), () -> more[0] |= claim(), this::tidy))
                && more[0];
    }

    /** Where it fails, as when it takes too long, fewer messages are next. */
    private boolean decide() {
        int messages = page;
        page = Math.max(page / 2, MIN_PAGE);
        Decided decided = store.decide(config.rules(), messages, clock.instant());
        page = Math.min(messages * 2, PushStore.PAGE);
        meters.due(decided.due());
        return decided.more();
    }

    /** What is not due any more makes room for others at once, so that they are not kept waiting by it. */
    private boolean claim() {
        for (int claims = 0; claims < MAX_CLAIMS; claims++) {
            Instant now = clock.instant();
            int before = underWay.get();
            int permits = pause.permits(Math.min(BATCH, UNDER_WAY - before), before, now);
            if (permits <= 0) {
                return false;
            }
            Claimed claimed = store.claim(permits, LEASE, config.rules(), now);
            claimed.settled().forEach(meters::cancelled);
            Instant latest = now.plus(LEASE).minus(MARGIN);
            claimed.due().forEach(due -> begin(due, latest));
            if (claimed.size() < permits) {
                return false;
            }
        }
        return true;
    }

    private void begin(DuePush due, Instant latest) {
        Attempt attempt = new Attempt(due, push(due));
        underWay.incrementAndGet();
        due.devices().forEach(device -> executor.execute(() -> deliver(attempt, device, latest)));
    }

    private Push push(DuePush due) {
        if (due.withdraws()) {
            return new Push.Withdrawal(due.thread(), due.seq(), due.unread());
        }
        Wording wording = Wording.of(
                due.senderName(), due.title(), due.text(), config.fcm().hidden());
        return new Push.Notification(
                due.thread(), due.message(), due.seq(), wording.title(), wording.body(), due.unread());
    }

    private void deliver(Attempt attempt, PushDevice device, Instant latest) {
        PushResult result = LEFT;
        try {
            slots.acquire();
            try {
                Instant now = clock.instant();
                if (!rhythm.isClosed() && now.isBefore(latest) && pause.isOver(now)) {
                    result = client.send(device.token(), attempt.push());
                    heed(result);
                }
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (attempt.answered(device, result)) {
                answered.add(attempt);
                rhythm.wake();
            }
        }
    }

    private void heed(PushResult result) {
        switch (result) {
            case PushResult.Later later when ANSWERS.contains(later.code()) -> {
                // FCM works; this one device, or what it is reached by, does not.
            }
            case PushResult.Later later -> {
                if (pause.failed(later.everybody(), later.after().orElse(Duration.ZERO), clock.instant())) {
                    log.atWarn().addKeyValue("code", later.code()).log("FCM fails: pushes wait");
                }
            }
            case PushResult.Accepted _, PushResult.DeadToken _, PushResult.Refused _ -> {
                if (pause.succeeded()) {
                    log.atInfo().log("FCM answers again");
                    rhythm.wake();
                }
            }
        }
    }

    /** Dead tokens first: where recording fails after it, they are not tried again. */
    private void record() {
        List<Attempt> attempts = new ArrayList<>();
        for (Attempt each = answered.poll(); each != null; each = attempts.size() < BATCH ? answered.poll() : null) {
            attempts.add(each);
        }
        if (attempts.isEmpty()) {
            return;
        }
        if (!answered.isEmpty()) {
            rhythm.wake();
        }
        Instant now = clock.instant();
        try {
            List<PushDevice> dead =
                    attempts.stream().flatMap(each -> each.dead().stream()).toList();
            if (!dead.isEmpty()) {
                meters.forgotten(store.remove(dead));
            }
            List<PushOutcome> outcomes =
                    attempts.stream().map(each -> each.outcome(backoff, now)).toList();
            store.record(outcomes, now);
            outcomes.forEach(outcome -> tell(outcome, now));
            underWay.addAndGet(-attempts.size());
        } catch (RuntimeException e) {
            answered.addAll(attempts);
            throw e;
        }
    }

    private void tell(PushOutcome outcome, Instant now) {
        DuePush push = outcome.push();
        meters.outcome(outcome, now);
        log.atInfo()
                .addKeyValue("userId", push.user().value())
                .addKeyValue("threadId", push.thread().value())
                .addKeyValue("seq", push.seq())
                .addKeyValue("devices", push.devices().size())
                .addKeyValue("outcome", outcome.verdict())
                .addKeyValue("code", PushMeters.code(outcome))
                .addKeyValue("attempt", push.attempts() + 1)
                .addKeyValue("ageMs", Duration.between(push.storedAt(), now).toMillis())
                .log(outcome.verdict() == PushVerdict.DUE ? "push is tried again" : "push");
    }

    private void tidy() {
        Instant now = clock.instant();
        if (now.isAfter(tidied.plus(TIDY))) {
            tidied = now;
            meters.forgotten(store.tidy(now.minus(TOKEN_LIVES), now));
        }
    }

    /** Begins to end: nothing more is decided, claimed or sent. */
    void stop() {
        rhythm.close();
    }

    /** What is being sent is recorded, if FCM answers soon; the rest is sent by others once its lease ends. */
    @Override
    public void close() {
        stop();
        try {
            boolean _ = stopped.await(2 * LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
