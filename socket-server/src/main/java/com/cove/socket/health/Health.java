package com.cove.socket.health;

import com.cove.db.Database;
import com.cove.model.error.AppException;
import com.cove.socket.fanout.Connections;
import com.cove.socket.transport.HealthReport;
import java.util.function.Supplier;

/**
 * Answers {@code GET /health}: {@code {status: "up"|"down"|"draining", database: "up"|"down", onlineUsers}}. The database is
 * asked at most once a second, however often somebody asks us.
 */
public final class Health implements Supplier<HealthReport> {
    private static final long FRESH_NANOS = 1_000_000_000L;

    private final Database database;
    private final Connections connections;
    private volatile boolean draining;
    private boolean databaseUp;
    private long checkedAt = System.nanoTime() - FRESH_NANOS;

    public Health(Database database, Connections connections) {
        this.database = database;
        this.connections = connections;
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
                        + connections.users() + "}");
    }

    private synchronized boolean databaseUp() {
        if (System.nanoTime() - checkedAt >= FRESH_NANOS) {
            databaseUp = check();
            checkedAt = System.nanoTime();
        }
        return databaseUp;
    }

    private boolean check() {
        try {
            database.check();
            return true;
        } catch (AppException e) {
            return false;
        }
    }
}
