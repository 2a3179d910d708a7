package com.cove.socket.health;

import com.cove.db.Condition;
import com.cove.db.Database;
import com.cove.socket.fanout.Connections;
import com.cove.socket.transport.HealthReport;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Answers {@code GET /health}: {@code {status: "up"|"down"|"draining", database: …, onlineUsers}}, and {@code redis: "up"|"down"} where
 * there is to be one, which changes nothing else: without it all works, a second later. The database is what {@link Condition} says; one that only reads is not enough, since every send would be refused. It is asked at most once a
 * second and by one at a time, however often somebody asks us: the others get its last answer, unless that is old.
 */
public final class Health implements Supplier<HealthReport> {
    private static final String UP = "up";
    private static final long FRESH_NANOS = 1_000_000_000L;
    /** A check gives up after two seconds, and begins in the second after the one before. */
    private static final long OLD_NANOS = 3_500_000_000L;

    private final Supplier<Condition> database;
    private final IntSupplier onlineUsers;
    private final Optional<BooleanSupplier> redis;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile boolean draining;
    private volatile Check last = new Check(Condition.DOWN, System.nanoTime() - OLD_NANOS);

    /** @param redis whether it is there; empty where none is wanted */
    public Health(Database database, Connections connections, Optional<BooleanSupplier> redis) {
        this(database::condition, connections::users, redis);
    }

    /** @param database what it can do; may block */
    Health(Supplier<Condition> database, IntSupplier onlineUsers, Optional<BooleanSupplier> redis) {
        this.database = database;
        this.onlineUsers = onlineUsers;
        this.redis = redis;
    }

    private record Check(Condition database, long atNanos) {
        boolean isOlderThan(long nanos) {
            return System.nanoTime() - atNanos >= nanos;
        }
    }

    /** From now on the answer is 503: the load balancer sends nobody here any more. */
    public void drain() {
        draining = true;
    }

    /** What a database in this condition makes of this server: {@code up}, {@code down} or {@code draining}. */
    public String status(Condition condition) {
        return draining ? "draining" : condition == Condition.UP ? UP : "down";
    }

    @Override
    public HealthReport get() {
        Condition condition = database();
        String status = status(condition);
        return new HealthReport(
                status.equals(UP),
                "{\"status\":\"" + status + "\",\"database\":\"" + condition.wireName() + "\",\"onlineUsers\":"
                        + onlineUsers.getAsInt()
                        + (redis.isEmpty() ? "" : ",\"redis\":\"" + (redisIsAway() ? "down" : UP) + "\"")
                        + "}");
    }

    /** False also where none is wanted. */
    boolean redisIsAway() {
        return redis.filter(there -> !there.getAsBoolean()).isPresent();
    }

    /** What the database can do; asked at most once a second. */
    public Condition database() {
        if (last.isOlderThan(OLD_NANOS)) {
            checking.lock();
        } else if (!last.isOlderThan(FRESH_NANOS) || !checking.tryLock()) {
            return last.database;
        }
        try {
            if (last.isOlderThan(FRESH_NANOS)) {
                last = new Check(database.get(), System.nanoTime());
            }
            return last.database;
        } finally {
            checking.unlock();
        }
    }
}
