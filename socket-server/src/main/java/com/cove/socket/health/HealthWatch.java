package com.cove.socket.health;

import com.cove.db.Condition;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Says in the log that the database or Redis is away, for as long as it is: an alarm on lines of a log is over when none come. What
 * happens to them is told once, by whoever meets it.
 */
public final class HealthWatch implements AutoCloseable {
    /** So that every minute has a line. */
    public static final Duration INTERVAL = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

    private final Health health;
    private final Timer timer;
    private final Executor executor;
    private final Duration interval;
    private volatile boolean closed;

    public HealthWatch(Health health, Timer timer, Executor executor, Duration interval) {
        this.health = health;
        this.timer = timer;
        this.executor = executor;
        this.interval = interval;
    }

    /** Looks for the first time after an interval: the first connection may be on its way. */
    public void start() {
        timer.newTimeout(_ -> begin(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** On the timer's thread: hands over. */
    private void begin() {
        if (!closed) {
            executor.execute(this::look);
        }
    }

    private void look() {
        try {
            tell(health.database(), health.redisIsAway());
        } finally {
            start();
        }
    }

    private void tell(Condition database, boolean redisAway) {
        if (!closed && (database != Condition.UP || redisAway)) {
            LoggingEventBuilder line = log.atWarn().addKeyValue("database", database.wireName());
            (redisAway ? line.addKeyValue("redis", "down") : line).log("not all is up");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
