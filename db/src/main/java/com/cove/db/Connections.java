package com.cove.db;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The pool, which can be put away and is made anew at the next use, and whose connections are not trusted after a rest: a
 * process that was frozen, and a network between that forgot it, are not told. Asking each connection whether it lives would
 * take a second each where the answer never comes. Thread-safe.
 */
final class Connections implements ConnectionFactory, AutoCloseable {
    /** Below the 350 s after which AWS's NAT gateways and load balancers forget; above any pause of somebody who types. */
    static final Duration TRUSTED = Duration.ofMinutes(1);

    private final DatabaseConfig config;
    private final InstantSource clock;
    private @Nullable HikariDataSource pool;
    private boolean closed;
    /** By the time of day: no other clock is sure to go on while a process is frozen. */
    private Instant lastUse;

    /** With a pool that begins to connect at once. */
    Connections(DatabaseConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.lastUse = clock.instant();
        this.pool = Pool.open(config);
    }

    @Override
    public Connection openConnection() throws SQLException {
        return trusted().getConnection();
    }

    /** Makes the pool again where it was put away; it connects in the background. */
    synchronized HikariDataSource open() {
        HikariDataSource now = pool;
        if (now == null) {
            if (closed) {
                throw new IllegalStateException("the database was closed");
            }
            now = Pool.open(config);
            pool = now;
            lastUse = clock.instant();
        }
        return now;
    }

    /** Closes what is not in use now, and the rest when it comes back. */
    synchronized void renew() {
        if (pool != null) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** Closes every connection and ends the pool's threads, until the next use. */
    synchronized void putAway() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }

    /** Those that somebody holds now. */
    synchronized int inUse() {
        return pool == null ? 0 : pool.getHikariPoolMXBean().getActiveConnections();
    }

    @Override
    public synchronized void close() {
        closed = true;
        putAway();
    }

    private synchronized HikariDataSource trusted() {
        HikariDataSource now = open();
        Instant time = clock.instant();
        // Also where the clock was set back: who knows for how long.
        if (Duration.between(lastUse, time).abs().compareTo(TRUSTED) > 0) {
            now.getHikariPoolMXBean().softEvictConnections();
        }
        lastUse = time;
        return now;
    }
}
