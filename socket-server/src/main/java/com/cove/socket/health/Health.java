package com.cove.socket.health;

import com.cove.db.Database;
import com.cove.model.error.AppException;
import com.cove.socket.fanout.Connections;
import com.cove.socket.transport.HealthReport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Answers {@code GET /health}: {@code {status: "up"|"down"|"draining", database: "up"|"down", onlineUsers}}. The database is
 * asked at most once a second and by one at a time, however often somebody asks us: the others get its last answer, unless
 * that is old.
 */
public final class Health implements Supplier<HealthReport> {
    private static final long FRESH_NANOS = 1_000_000_000L;
    /** A check gives up after two seconds, and begins in the second after the one before. */
    private static final long OLD_NANOS = 3_500_000_000L;

    private final BooleanSupplier database;
    private final IntSupplier onlineUsers;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile boolean draining;
    private volatile Check last = new Check(false, System.nanoTime() - OLD_NANOS);

    public Health(Database database, Connections connections) {
        this(() -> answers(database), connections::users);
    }

    /** @param database whether it answers; may block */
    Health(BooleanSupplier database, IntSupplier onlineUsers) {
        this.database = database;
        this.onlineUsers = onlineUsers;
    }

    private record Check(boolean up, long atNanos) {
        boolean isOlderThan(long nanos) {
            return System.nanoTime() - atNanos >= nanos;
        }
    }

    /** From now on the answer is 503: the load balancer sends nobody here any more. */
    public void drain() {
        draining = true;
    }

    @Override
    public HealthReport get() {
        boolean reachable = databaseUp();
        boolean up = reachable && !draining;
        String status = draining ? "draining" : up ? "up" : "down";
        return new HealthReport(
                up,
                "{\"status\":\"" + status + "\",\"database\":\"" + (reachable ? "up" : "down") + "\",\"onlineUsers\":"
                        + onlineUsers.getAsInt() + "}");
    }

    private boolean databaseUp() {
        if (last.isOlderThan(OLD_NANOS)) {
            checking.lock();
        } else if (!last.isOlderThan(FRESH_NANOS) || !checking.tryLock()) {
            return last.up;
        }
        try {
            if (last.isOlderThan(FRESH_NANOS)) {
                last = new Check(database.getAsBoolean(), System.nanoTime());
            }
            return last.up;
        } finally {
            checking.unlock();
        }
    }

    private static boolean answers(Database database) {
        try {
            database.check();
            return true;
        } catch (AppException e) {
            return false;
        }
    }
}
