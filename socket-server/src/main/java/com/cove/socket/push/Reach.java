package com.cove.socket.push;

import com.cove.db.history.Horizon;
import com.cove.db.push.NodeReport;
import com.cove.db.push.ReachStore;
import com.cove.model.event.Change;
import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.fanout.Connections;
import com.cove.socket.fanout.DeliveryObserver;
import com.cove.socket.fanout.HorizonObserver;
import com.cove.socket.rounds.Rhythm;
import com.cove.socket.rounds.Steps;
import com.cove.socket.transport.Connection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom what is sent here has reached, as far as it can be proven: after each look at the database, the clients of those who were
 * sent something, or who connected, are asked behind it, and an answer proves that all the look saw has arrived. A connection that
 * is dead or stalled does not answer. Reported to PostgreSQL, where it is decided who is due a push.
 */
public final class Reach implements ConnectionObserver, DeliveryObserver, HorizonObserver, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reach.class);
    private static final Duration PACE = Duration.ofMillis(200);
    private static final Duration IDLE = Duration.ofSeconds(1);
    /** Between two reports, so that others know that this node lives. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

    private static final int AT_ONCE = 1_000;
    private static final int QUERIES_A_ROUND = 4;
    private static final long UNKNOWN = -1;

    private final ReachStore store;
    private final Connections connections;
    private final Executor executor;
    private final Clock clock;
    private final Duration patience;
    private final Counter pings;
    private final Timer confirmed;
    private final String node = UUID.randomUUID().toString();
    private final Touched touched = new Touched();
    private final AtomicReference<@Nullable Look> newest = new AtomicReference<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Rhythm rhythm = new Rhythm(PACE);

    /** The rest is of the thread that works. Rounds that are not over, the last of which may still be asking. */
    private final Deque<Round> rounds = new ArrayDeque<>();
    /** What was not reported yet: below which transaction everything has arrived. */
    private final Map<UserId, Long> news = new HashMap<>();

    private @Nullable Horizon looked;
    /** How many histories the database has had. */
    private int histories;

    private long below = UNKNOWN;
    private long reportedBelow = UNKNOWN;
    private long reportedAt;
    private final Steps steps = new Steps(
            log,
            "who was reached cannot be reported, and is tried again",
            "who was reached is reported again",
            rhythm::isClosed);

    /** @param patience how long a user whose clients do not answer is waited for */
    public Reach(
            ReachStore store,
            Connections connections,
            Executor executor,
            Clock clock,
            Duration patience,
            MeterRegistry meters) {
        this.store = store;
        this.connections = connections;
        this.executor = executor;
        this.clock = clock;
        this.patience = patience;
        this.pings = meters.counter("cove.reach.pings");
        this.confirmed = meters.timer("cove.reach.confirmed");
    }

    /** Begins to ask and to report. */
    public void start() {
        executor.execute(this::work);
    }

    /** All that transactions below this one changed, in this history, has arrived at somebody. */
    private record Answer(UserId user, long below, int history) {}

    @Override
    public void connected(Connection connection) {
        touched.connected(connection.user());
    }

    @Override
    public void disconnected(Connection connection) {
        // Who has no connection any more is found at the next look.
    }

    @Override
    public void delivering(Delivery delivery) {
        if (delivery.change() instanceof Change.Message message) {
            touched.sent(delivery.recipients(), this::isHere, message.transaction());
        }
    }

    @Override
    public void delivered(Horizon horizon, long began) {
        touched.looked(horizon);
        newest.set(new Look(horizon, began));
        rhythm.wake();
    }

    private void work() {
        try {
            while (rhythm.next(rounds.isEmpty() ? IDLE : Duration.ZERO)) {
                round();
            }
            leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        listen();
        boolean _ = steps.take(List.of(this::look, this::ask, this::report));
    }

    /** Who answered for a look has all that earlier ones saw, too. */
    private void listen() {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            if (answer.history == histories) {
                count(answer.user, answer.below);
            }
        }
    }

    private void count(UserId user, long until) {
        news.merge(user, until, Math::max);
        touched.settled(user, until);
        for (Round round : rounds) {
            if (round.below() <= until) {
                round.answered(user);
            }
        }
    }

    /** Once all are asked after one look, the newest is next, which saw all that those between did. */
    private void look() {
        Round last = rounds.peekLast();
        Look look = last == null || last.isAsked() ? newest.getAndSet(null) : null;
        if (look != null) {
            Horizon before = looked;
            looked = look.horizon();
            if (before == null || !before.precedes(looked)) {
                forget();
            }
            rounds.add(new Round(looked.oldestRunning(), touched.after(look, this::isHere)));
        }
    }

    private boolean isHere(UserId user) {
        return connections.isHere(user);
    }

    /** The database has another history: what arrived of the former says nothing in this one. */
    private void forget() {
        histories++;
        rounds.clear();
        askAgain();
        below = UNKNOWN;
        reportedBelow = UNKNOWN;
    }

    private void ask() {
        Round round = rounds.peekLast();
        if (round == null) {
            return;
        }
        for (int i = 0; i < QUERIES_A_ROUND && !round.isAsked(); i++) {
            List<UserId> some = round.some(AT_ONCE);
            Set<UserId> reachable = store.withDevices(some);
            for (UserId user : some) {
                Collection<Connection> open = connections.of(user);
                if (!reachable.contains(user)) {
                    touched.settled(user, round.below());
                } else if (!open.isEmpty()) {
                    round.awaits(user, open);
                }
            }
            round.decided(some.size());
        }
        round.ask(connection -> ask(connection, round.below()));
    }

    /** Who is asked already, or is only just connecting, is asked in a moment; true where that is settled. */
    private boolean ask(Connection connection, long until) {
        UserId user = connection.user();
        int history = histories;
        if (!connections.of(user).contains(connection)) {
            return true;
        }
        long since = System.nanoTime();
        boolean asked = connection.confirm(() -> {
            confirmed.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
            answers.add(new Answer(user, until, history));
            rhythm.wake();
        });
        if (asked) {
            pings.increment();
        }
        return asked;
    }

    private void report() {
        for (Round round = rounds.peek(); round != null && round.isOver(patience); round = rounds.peek()) {
            below = Math.max(below, round.below());
            rounds.remove();
        }
        Horizon here = looked;
        boolean changed = below > reportedBelow || !news.isEmpty();
        boolean late = System.nanoTime() - reportedAt >= SIGN_OF_LIFE.toNanos();
        if (here != null && below != UNKNOWN && (changed || late)) {
            if (!store.report(new NodeReport(node, here.epoch(), below, news, clock.instant()))) {
                askAgain();
            }
            reportedAt = System.nanoTime();
            reportedBelow = below;
            news.clear();
        }
    }

    /** What was not reported is of no use any more: they are asked as if they had just connected. */
    private void askAgain() {
        news.keySet().forEach(touched::connected);
        news.clear();
    }

    private void leave() {
        listen();
        boolean _ = steps.take(this::report) && steps.take(() -> store.forget(node));
    }

    /** Has what is known reported and nobody wait for this node any more, without waiting for it. */
    @Override
    public void close() {
        rhythm.close();
    }
}
