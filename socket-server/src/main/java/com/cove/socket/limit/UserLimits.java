package com.cove.socket.limit;

import com.cove.model.user.UserId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What one user may do, over all connections: how many of these, and how many events. Counted here, and what other nodes told of those
 * users who are on them, too; of all others nothing is remembered. Nobody waits for other nodes: what they count comes later.
 */
public final class UserLimits {
    /** What one may have spent on a node, of a burst, without others being told. */
    private static final int UNTOLD_SHARE = 20;
    /** As long as a client that was closed takes to come back, and be told why. */
    private static final Duration REFUSED = Duration.ofSeconds(5);

    private static final int MAX_REFUSED = 100_000;

    private final LimitsConfig config;
    private final Seats<UserId> seats;
    private final RateLimiter<UserId> events;
    private final int worthTelling;
    /** Who has just lost a connection as one too many: not to be let in at once, to be closed again. */
    private final Cache<UserId, Boolean> refused = Caffeine.newBuilder()
            .expireAfterWrite(REFUSED)
            .maximumSize(MAX_REFUSED)
            .build();

    private final Map<UserId, Elsewhere> elsewhere = new ConcurrentHashMap<>();
    /** Those of {@link #elsewhere} who spent something here. */
    private final Set<UserId> spending = ConcurrentHashMap.newKeySet();

    private long forgottenAt = System.nanoTime();
    private volatile Consumer<UserId> doubt = _ -> {};

    /** What is known of a user who is on other nodes, too. */
    private static final class Elsewhere {
        volatile int connections;
        /** Here, since others were told. */
        final AtomicInteger spent = new AtomicInteger();
    }

    public UserLimits(LimitsConfig config) {
        this.config = config;
        this.seats = new Seats<>(config.connectionsPerUser());
        this.events = new RateLimiter<>(config.userEvents());
        this.worthTelling = Math.max(1, config.userEvents().burst() / UNTOLD_SHARE);
    }

    public LimitsConfig config() {
        return config;
    }

    /** False if the user has as many connections as they may. Each one taken is to be {@linkplain #leave left}. */
    public boolean take(UserId user) {
        Elsewhere known = elsewhere.get(user);
        boolean taken = refused.getIfPresent(user) == null && seats.take(user, known == null ? 0 : known.connections);
        if (!taken && known != null) {
            doubt.accept(user);
        }
        return taken;
    }

    public void leave(UserId user) {
        seats.leave(user);
    }

    /** Counts an event of this user; how long they have to wait if it is one too many. */
    public Optional<Duration> waitFor(UserId user) {
        Optional<Duration> wait = events.waitFor(user);
        Elsewhere known = elsewhere.get(user);
        if (wait.isEmpty() && known != null && known.spent.getAndIncrement() == 0) {
            spending.add(user);
        }
        return wait;
    }

    /**
     * For the wiring.
     *
     * @param doubted gets who was refused for what other nodes told: it may not be so any more. Must not wait
     */
    public void doubtBy(Consumer<UserId> doubted) {
        doubt = doubted;
    }

    /** Other nodes have so many connections of a user who is here; none, if the user is on this one only. */
    public void elsewhere(UserId user, int connections) {
        if (connections == 0) {
            elsewhere.remove(user);
        } else {
            elsewhere.computeIfAbsent(user, _ -> new Elsewhere()).connections = connections;
        }
    }

    /** Whether the user, who is here, is on other nodes, too. */
    public boolean isElsewhere(UserId user) {
        return elsewhere.containsKey(user);
    }

    /** Whether a user with so many connections has as many as they may, or more. */
    public boolean isFull(int here, int others) {
        return here + others >= config.connectionsPerUser();
    }

    /** The user has too many connections: for some seconds they get none here. */
    public void refuse(UserId user) {
        refused.put(user, true);
    }

    /** The user spent so many events elsewhere: they are not here any more. */
    public void spent(UserId user, int events) {
        this.events.spend(user, events);
    }

    /**
     * What others are to be told of users who are on them, too: events spent here and not told of. Little is not worth telling, and
     * forgotten when it counts no more. One thread calls this.
     */
    public Map<UserId, Integer> spent() {
        boolean forget = System.nanoTime() - forgottenAt
                > config.userEvents().timeToFill().toNanos();
        Map<UserId, Integer> worth = new HashMap<>();
        for (UserId user : Set.copyOf(spending)) {
            Elsewhere known = elsewhere.get(user);
            boolean told = known != null && known.spent.get() >= worthTelling;
            if (known == null || told || forget) {
                spending.remove(user);
                int events = known == null ? 0 : known.spent.getAndSet(0);
                if (told) {
                    worth.put(user, events);
                }
            }
        }
        if (forget) {
            forgottenAt = System.nanoTime();
        }
        return worth;
    }

    /** From now on nothing is known of other nodes. */
    public void forgetElsewhere() {
        elsewhere.clear();
    }
}
