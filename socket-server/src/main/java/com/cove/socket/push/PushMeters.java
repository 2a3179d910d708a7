package com.cove.socket.push;

import com.cove.db.push.PushOutcome;
import com.cove.db.push.PushVerdict;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What is counted of pushes. */
public final class PushMeters {
    /** The grace is part of it, and an outage may be. */
    private static final Duration[] BUCKETS = Stream.of(1, 2, 3, 4, 5, 7, 10, 20, 60, 300, 1_800, 7_200)
            .map(Duration::ofSeconds)
            .toArray(Duration[]::new);

    private static final String OK = "OK";
    private static final Set<PushVerdict> CANCELLATIONS = EnumSet.of(
            PushVerdict.READ, PushVerdict.REACHED, PushVerdict.MUTED, PushVerdict.NO_DEVICE, PushVerdict.STALE);

    private final MeterRegistry meters;
    private final Timer latency;

    public PushMeters(MeterRegistry meters) {
        this.meters = meters;
        latency = Timer.builder("cove.push.latency")
                .description("from the commit of a message until FCM accepted its push")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
        // So that they are there, and nought, before the first.
        due(0);
        forgotten(0);
        CANCELLATIONS.forEach(why -> cancelled(why, 0));
        count(PushVerdict.SENT, OK, 0);
    }

    void watch(AtomicInteger underWay, BooleanSupplier paused) {
        meters.gauge("cove.pushes.under.way", underWay);
        // This builder keeps what it asks: nobody else keeps a method reference.
        Gauge.builder("cove.pushes.paused", () -> paused.getAsBoolean() ? 1 : 0).register(meters);
    }

    void due(int pushes) {
        meters.counter("cove.pushes.due").increment(pushes);
    }

    void cancelled(PushVerdict why, int pushes) {
        meters.counter("cove.pushes.cancelled", "reason", why.name()).increment(pushes);
    }

    /** Of the last failure, or {@code OK}. */
    static String code(PushOutcome outcome) {
        return outcome.failure() == null ? OK : outcome.failure();
    }

    void outcome(PushOutcome outcome, Instant now) {
        count(outcome.verdict(), code(outcome), 1);
        if (outcome.verdict() == PushVerdict.SENT) {
            latency.record(Duration.between(outcome.push().storedAt(), now));
        }
    }

    private void count(PushVerdict verdict, String code, int attempts) {
        meters.counter("cove.pushes", "outcome", verdict.name(), "code", code).increment(attempts);
    }

    void forgotten(int devices) {
        meters.counter("cove.push.devices.forgotten").increment(devices);
    }
}
