package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.fanout.Connections;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.transport.Connection;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among the others. In Redis it keeps, for each user with a connection here, that they are here, and listens at an address;
 * what is stored here is sent, once each, to the nodes that have a member ({@link Outbox}), and what comes is delivered here
 * ({@link Inbox}). All of it is a hint: nobody waits for Redis, and what is lost on the way {@code Repair} finds.
 *
 * <p>Whatever goes wrong has one answer: the {@link Link} is thrown away, and another one begins with everything anew.
 */
public final class Nodes implements ConnectionObserver, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Nodes.class);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration REFRESH = Link.USER_KEPT.dividedBy(3);
    private static final long MIN_PAUSE_MS = 100;
    private static final long MAX_PAUSE_MS = 2_000;
    /** Written to Redis before waiting for its answers, so that nodes that all come back at once do not drown it. */
    private static final int USERS_AT_ONCE = 250;

    private final Connections connections;
    private final Fanout fanout;
    private final HintMeters meters;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Redis redis;
    private final Supplier<String> summary;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Semaphore woken = new Semaphore(0);
    /** Users of whom Redis is to be told whether they are here. */
    private final Set<UserId> changed = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Link link;
    private volatile boolean closed;
    private boolean away;
    private boolean full;
    private long refreshedAt;
    private long renewedAt;

    private Nodes(
            RedisConfig config,
            Connections connections,
            Fanout fanout,
            Supplier<String> summary,
            Executor executor,
            MeterRegistry registry) {
        this.connections = connections;
        this.fanout = fanout;
        this.meters = new HintMeters(registry);
        this.inbox = new Inbox(fanout::deliverHere, meters, executor);
        this.outbox = new Outbox(() -> link, meters);
        this.redis = new Redis(config);
        this.summary = summary;
        executor.execute(outbox::work);
        executor.execute(this::keep);
    }

    /**
     * Begins, whether Redis is there or not.
     *
     * @param summary how this node is, as the others may read it; asked each second
     */
    public static Nodes start(
            RedisConfig config,
            Connections connections,
            Fanout fanout,
            Supplier<String> summary,
            Executor executor,
            MeterRegistry registry) {
        Nodes nodes = new Nodes(config, connections, fanout, summary, executor, registry);
        fanout.tellOthersBy(nodes.outbox::add);
        return nodes;
    }

    /** Whether other nodes can be told. */
    public boolean isUp() {
        return link != null;
    }

    /**
     * What each node says of itself, by address, this one included; nothing of those that were killed or are cut off. Waits for Redis;
     * empty where it is away.
     */
    public Optional<Map<String, Optional<String>>> summaries() {
        Link known = link;
        try {
            return known == null ? Optional.empty() : Optional.of(known.marks());
        } catch (RedisException e) {
            return Optional.empty();
        }
    }

    @Override
    public void connected(Connection connection) {
        changed(connection.user());
    }

    @Override
    public void disconnected(Connection connection) {
        changed(connection.user());
    }

    private void changed(UserId user) {
        changed.add(user);
        woken.release();
    }

    private boolean isHere(UserId user) {
        return !connections.of(user).isEmpty();
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
        // All who are here are registered anew; nobody is remembered for an outage.
        changed.clear();
        Link opened = redis.open(
                history,
                hint -> {
                    // What a node of another history told is nothing here.
                    if (fanout.history().filter(history::equals).isPresent()) {
                        inbox.take(hint);
                    }
                },
                woken::release);
        link = opened;
        return opened;
    }

    private void drop() {
        Link dropped = link;
        link = null;
        if (dropped != null) {
            dropped.close();
        }
    }

    private void tell(Link to) throws RedisException {
        try {
            long now = System.nanoTime();
            if (!to.isKnown()) {
                changed.addAll(connections.online());
                to.mark(summary.get());
                refreshedAt = now;
                renewedAt = now;
            } else if (now - refreshedAt > REFRESH.toNanos()) {
                changed.addAll(connections.online());
                refreshedAt = now;
            }
            while (!changed.isEmpty() && !closed) {
                register(to, changed.stream().limit(USERS_AT_ONCE).toList());
            }
            if (now - renewedAt > BEAT.toNanos() / 2) {
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
        // First, so that who changes from now on is registered once more.
        users.forEach(changed::remove);
        try {
            List<UserId> here = new ArrayList<>();
            List<UserId> gone = new ArrayList<>();
            users.forEach(user -> (isHere(user) ? here : gone).add(user));
            to.register(here, gone);
        } catch (RedisException e) {
            changed.addAll(users);
            throw e;
        }
    }

    /** What waits to be told is told, if Redis answers at once. */
    @Override
    public void close() {
        outbox.close();
        closed = true;
        closing.countDown();
        woken.release();
        inbox.close();
        link = null;
        redis.close();
    }
}
