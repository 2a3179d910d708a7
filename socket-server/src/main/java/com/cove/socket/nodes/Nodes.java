package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.nodes.Link.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among the others. In Redis it keeps, for each user who is here, that they are here, and listens at an address;
 * what is stored here is sent, once each, to the nodes that have a member ({@link Outbox}), and what comes is delivered here
 * ({@link Inbox}). All of it is a hint: nobody waits for Redis, and what is lost on the way {@code Repair} finds.
 *
 * <p>Whatever goes wrong has one answer: the {@link Link} is thrown away, and another one begins with everything anew.
 */
public final class Nodes implements Neighbours {
    private static final Logger log = LoggerFactory.getLogger(Nodes.class);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration REFRESH = Link.USER_KEPT.dividedBy(3);
    private static final long MIN_PAUSE_MS = 100;
    private static final long MAX_PAUSE_MS = 2_000;
    /** Written to Redis before waiting for its answers, so that nodes that all come back at once do not drown it. */
    private static final int USERS_AT_ONCE = 250;

    /** After that, everybody who has Redis again has registered again: who is not there is nowhere. */
    private static final Duration SETTLES = Duration.ofSeconds(3);

    private final Fanout fanout;
    private final HintMeters meters;
    private final Outbox outbox;
    private final Shares shares;
    private final Redis redis;
    private final Supplier<String> summary;
    private final Executor executor;
    private final Sweeper sweeper = new Sweeper();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Semaphore woken = new Semaphore(0);
    /** Users of whom Redis is to be told whether they are here. */
    private final Set<UserId> changed = ConcurrentHashMap.newKeySet();
    /** Users who left, and of whom it cannot be known yet whether they are elsewhere. */
    private final Set<UserId> unclear = ConcurrentHashMap.newKeySet();

    private @Nullable Residents residents;
    private @Nullable Inbox inbox;
    private volatile @Nullable Link link;
    private volatile boolean closed;
    private volatile boolean full;
    private volatile long markedAt;
    private boolean away;
    private long refreshedAt;
    private long renewedAt;

    /** @param summary how this node is, as the others may read it; asked each second */
    public Nodes(
            RedisConfig config,
            Fanout fanout,
            Shares shares,
            Supplier<String> summary,
            Executor executor,
            MeterRegistry registry) {
        this.fanout = fanout;
        this.meters = new HintMeters(registry);
        this.outbox = new Outbox(() -> link, meters);
        this.shares = shares;
        this.redis = new Redis(config);
        registry.gauge("cove.redis.up", this, nodes -> nodes.isUp() ? 1 : 0);
        this.summary = summary;
        this.executor = executor;
        shares.wakeBy(woken::release);
    }

    /** Begins, whether Redis is there or not. */
    @Override
    public void start(Residents all, Consumer<Signal> heard) {
        residents = all;
        inbox = new Inbox(fanout::deliverHere, heard, meters, executor);
        fanout.tellOthersBy(outbox::add);
        executor.execute(outbox::work);
        executor.execute(this::keep);
    }

    /** Whether other nodes can be told. */
    public boolean isUp() {
        return link != null;
    }

    /**
     * What each node says of itself, by address, this one included; nothing of those that were killed or are cut off, and without
     * those that ended. Waits for Redis; empty where it is away.
     */
    public Optional<Map<String, Optional<String>>> summaries() {
        return asked(to -> {
            Map<String, Optional<String>> marks = to.marks();
            marks.values().removeIf(Optional.of(Link.ENDED)::equals);
            return marks;
        });
    }

    @Override
    public boolean isKnown() {
        return link != null && !full && isSettled();
    }

    private boolean isSettled() {
        return System.nanoTime() - markedAt > SETTLES.toNanos();
    }

    @Override
    public void changed(UserId user) {
        changed.add(user);
        woken.release();
    }

    @Override
    public Optional<Map<UserId, Set<String>>> places(Collection<UserId> users) {
        return isKnown() ? asked(to -> to.places(users)) : Optional.empty();
    }

    @Override
    public void tell(Signal signal) {
        outbox.add(signal);
    }

    @Override
    public boolean tell(Map<String, List<Signal>> byNode) {
        return asked(to -> {
                    to.signal(byNode, meters);
                    return true;
                })
                .orElse(false);
    }

    @Override
    public void sweep(Consumer<Map<UserId, Instant>> gone) {
        if (isKnown()) {
            Optional<Boolean> _ = asked(to -> {
                sweeper.sweep(to, gone);
                return true;
            });
        }
    }

    private interface Question<T> {
        T of(Link link) throws RedisException;
    }

    /** What Redis answers; where it does not, the link is of no use. */
    private <T> Optional<T> asked(Question<T> question) {
        Link to = link;
        if (to == null || !to.isOpen()) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.of(to));
        } catch (RedisException e) {
            if (!e.isOutOfMemory()) {
                to.lost(e.problem());
            }
            return Optional.empty();
        } catch (io.lettuce.core.RedisException e) {
            // Lettuce refuses some commands by throwing.
            to.lost(e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private void keep() {
        long pause = MIN_PAUSE_MS;
        while (!closed) {
            boolean works = step();
            Link known = link;
            if (!works) {
                pause = Math.min(2 * pause, MAX_PAUSE_MS);
            } else if (known != null && known.isSteady()) {
                pause = MIN_PAUSE_MS;
            }
            try {
                if (works) {
                    rest();
                } else {
                    // Nodes that lost it together do not come back together.
                    boolean _ = closing.await(
                            ThreadLocalRandom.current().nextLong(pause / 2, pause), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Until somebody comes or leaves, the link is lost, or it is time to look. */
    private void rest() throws InterruptedException {
        if (woken.tryAcquire(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
            woken.drainPermits();
        }
    }

    /** One look at Redis; false where it is of no use now. */
    private boolean step() {
        try {
            String history = fanout.history().orElse(null);
            Link known = link;
            if (known != null && known.problem().isPresent()) {
                away(known.problem().get());
                return false;
            }
            if (known != null && !known.history().equals(history)) {
                drop();
                known = null;
            }
            if (history == null) {
                return false;
            }
            tell(known == null ? open(history) : known);
            if (away) {
                log.atInfo().log("other nodes are told again");
                away = false;
            }
            return true;
        } catch (RedisException e) {
            away(e.problem());
            return false;
        } catch (RuntimeException e) {
            away(e.getClass().getSimpleName());
            return false;
        }
    }

    private void away(String problem) {
        drop();
        if (!away && !closed) {
            log.atWarn().addKeyValue("problem", problem).log("other nodes are not told: Redis is away");
            away = true;
        }
    }

    private Link open(String history) throws RedisException {
        Inbox box = Objects.requireNonNull(inbox, "not started");
        Link opened = redis.open(
                history,
                hint -> {
                    // What a node of another history told is nothing here.
                    if (fanout.history().filter(history::equals).isPresent()) {
                        take(box, hint);
                    }
                },
                woken::release);
        // Before anybody asks it: until it has settled, it does not know.
        markedAt = System.nanoTime();
        link = opened;
        return opened;
    }

    private void take(Inbox box, String hint) {
        if (Share.is(hint)) {
            shares.take(hint, meters);
        } else {
            box.take(hint);
        }
    }

    private void drop() {
        Link dropped = link;
        link = null;
        if (dropped != null) {
            dropped.close();
            shares.forget();
        }
    }

    private void tell(Link to) throws RedisException {
        try {
            long now = System.nanoTime();
            Residents all = Objects.requireNonNull(residents, "not started");
            boolean known = to.isKnown();
            meters.answered(now);
            if (!known) {
                markedAt = now;
                changed.addAll(all.everybody());
                to.mark(summary.get());
                refreshedAt = now;
                renewedAt = now;
            } else if (now - refreshedAt > REFRESH.toNanos()) {
                changed.addAll(all.everybody());
                refreshedAt = now;
            }
            if (isSettled()) {
                changed.addAll(unclear);
                unclear.clear();
            }
            while (!changed.isEmpty() && !closed) {
                register(to, changed.stream().limit(USERS_AT_ONCE).toList());
            }
            Set<UserId> due = shares.due(meters);
            shares.tell(to, due, to.places(due), meters);
            if (now - renewedAt > BEAT.toNanos() / 2) {
                shares.tellSpent(to, meters);
                to.renew(summary.get());
                renewedAt = now;
            }
            full = false;
        } catch (RedisException e) {
            if (!e.isOutOfMemory()) {
                throw e;
            }
            if (!full) {
                log.atWarn().log("Redis is full: other nodes do not learn who is here");
                full = true;
            }
        }
    }

    private void register(Link to, List<UserId> users) throws RedisException {
        Residents all = Objects.requireNonNull(residents, "not started");
        // First, so that who changes from now on is registered once more.
        users.forEach(changed::remove);
        try {
            Map<Boolean, List<UserId>> byHere = users.stream().collect(Collectors.partitioningBy(all::isHere));
            List<UserId> here = byHere.getOrDefault(true, List.of());
            List<UserId> gone = byHere.getOrDefault(false, List.of());
            Map<UserId, Standing> standings = to.register(here, gone);
            standings.forEach((user, standing) -> {
                if (standing.isHere()) {
                    all.registered(user, standing.wasElsewhere());
                } else if (standing.wasElsewhere() || !standing.forgotten() || isSettled()) {
                    all.unregistered(user, standing.wasElsewhere());
                } else {
                    unclear.add(user);
                }
            });
            Map<UserId, Set<String>> others = new HashMap<>();
            standings.forEach((user, standing) -> others.put(user, standing.now()));
            shares.tell(to, here, others, meters);
            shares.tellGone(to, gone, meters);
        } catch (RedisException e) {
            changed.addAll(users);
            throw e;
        }
    }

    /** What waits to be told is told, and the node's end as well, if Redis answers at once. */
    @Override
    public void close() {
        outbox.close();
        closed = true;
        closing.countDown();
        woken.release();
        if (inbox != null) {
            inbox.close();
        }
        Link left = link;
        link = null;
        if (left != null) {
            left.leave();
        }
        redis.close();
    }
}
