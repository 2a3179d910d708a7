package com.cove.socket.operator;

import com.cove.db.Condition;
import com.cove.model.json.Json;
import com.cove.socket.health.Health;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How this node is: its own meters, read. So what an operator sees here and on a dashboard is the same. */
public final class ThisNode {
    private final String id = UUID.randomUUID().toString();
    private final NodeConfig config;
    private final Health health;
    private final MeterRegistry meters;
    private final Executor executor;
    private final Clock clock;
    private final Instant startedAt;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Condition database = Condition.DOWN;
    private volatile int port;

    public ThisNode(NodeConfig config, Health health, MeterRegistry meters, Executor executor, Clock clock) {
        this.config = config;
        this.health = health;
        this.meters = meters;
        this.executor = executor;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** It listens at this port. */
    public void listens(int socketPort) {
        port = socketPort;
    }

    /** The {@link NodeSummary} as JSON, for the others. Never waits: of the database it says what was so a moment ago. */
    public String summary() {
        if (asking.compareAndSet(false, true)) {
            executor.execute(() -> {
                try {
                    database = health.database();
                } finally {
                    asking.set(false);
                }
            });
        }
        return Json.text(now());
    }

    /** How it is now. Waits for the database, for two seconds at most. */
    NodeSummary asked() {
        database = health.database();
        return now();
    }

    private NodeSummary now() {
        return new NodeSummary(
                id,
                config.name(),
                config.task(),
                config.version(),
                port,
                startedAt,
                clock.instant(),
                health.status(database),
                database.wireName(),
                gauge("cove.connections"),
                gauge("cove.users"),
                gauge("cove.threads"),
                gauge("cove.sends.waiting"),
                new NodeSummary.Repairs(
                        Math.round(seconds("cove.repair.age") * TimeUnit.SECONDS.toMillis(1)),
                        counter("cove.repaired"),
                        Math.round(worst("cove.repair.lag"))),
                meters.find("cove.redis.up").gauge() == null ? null : redis());
    }

    private NodeSummary.Redis redis() {
        Map<String, Long> dropped = new TreeMap<>();
        for (Counter each : meters.find("cove.hints.dropped").counters()) {
            dropped.put(Optional.ofNullable(each.getId().getTag("cause")).orElse(""), Math.round(each.count()));
        }
        dropped.values().removeIf(hints -> hints == 0);
        return new NodeSummary.Redis(
                gauge("cove.redis.up") > 0,
                Math.round(worst("cove.redis.round.trip") * 10) / 10.0,
                counter("cove.hints.sent"),
                counter("cove.hints.received"),
                dropped);
    }

    private double seconds(String name) {
        Gauge gauge = meters.find(name).gauge();
        return gauge == null ? 0 : gauge.value();
    }

    private long gauge(String name) {
        return Math.round(seconds(name));
    }

    private long counter(String name) {
        Counter counter = meters.find(name).counter();
        return counter == null ? 0 : Math.round(counter.count());
    }

    /** In milliseconds. */
    private double worst(String name) {
        Timer timer = meters.find(name).timer();
        return timer == null ? 0 : timer.max(TimeUnit.MILLISECONDS);
    }
}
