package com.cove.socket.fanout;

import com.cove.socket.telemetry.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What {@link Repair} found and how late; docs/operations.md lists the meters. No two machines' clocks are compared: what a look did
 * not see was committed after that look began, so its lag is at most the time since then.
 */
final class RepairMeters {
    private final Counter repaired;
    private final Timer lag;
    private volatile long lookedAt = System.nanoTime();

    RepairMeters(MeterRegistry registry) {
        repaired = registry.counter("cove.repaired");
        lag = Timer.builder("cove.repair.lag")
                .serviceLevelObjectives(Metrics.buckets())
                .register(registry);
        Gauge.builder("cove.repair.age", this, meters -> meters.age().toNanos() / (double) TimeUnit.SECONDS.toNanos(1))
                .baseUnit("seconds")
                .register(registry);
    }

    /** All that was committed before this moment has been delivered here. */
    void looked(long nanoTime) {
        lookedAt = nanoTime;
    }

    /** Somebody here got something only because it was read from the database. */
    void repaired() {
        repaired.increment();
        lag.record(age());
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - lookedAt);
    }
}
