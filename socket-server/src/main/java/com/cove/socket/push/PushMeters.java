package com.cove.socket.push;

import com.cove.db.push.PushOutcome;
import com.cove.db.push.PushVerdict;
import com.cove.socket.telemetry.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What is counted of pushes. */
public final class PushMeters {
    private final MeterRegistry meters;
    private final Timer latency;

    public PushMeters(MeterRegistry meters) {
        this.meters = meters;
        latency = Timer.builder("cove.push.latency")
                .description("from the commit of a message until FCM accepted its push")
                .serviceLevelObjectives(Metrics.buckets())
                .register(meters);
    }

    void watch(AtomicInteger underWay, BooleanSupplier paused) {
        meters.gauge("cove.pushes.under.way", underWay);
        meters.gauge("cove.pushes.paused", paused, now -> now.getAsBoolean() ? 1 : 0);
    }

    void due(int pushes) {
        meters.counter("cove.pushes.due").increment(pushes);
    }

    void cancelled(PushVerdict why, int pushes) {
        meters.counter("cove.pushes.cancelled", "reason", why.name()).increment(pushes);
    }

    void outcome(PushOutcome outcome, Instant now) {
        String code = outcome.failure() == null ? "OK" : outcome.failure();
        meters.counter("cove.pushes", "outcome", outcome.verdict().name(), "code", code)
                .increment();
        if (outcome.verdict() == PushVerdict.SENT) {
            latency.record(Duration.between(outcome.push().storedAt(), now));
        }
    }

    void forgotten(int devices) {
        meters.counter("cove.push.devices.forgotten").increment(devices);
    }
}
