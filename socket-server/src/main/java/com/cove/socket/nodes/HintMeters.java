package com.cove.socket.nodes;

import com.cove.socket.telemetry.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What became of hints; docs/operations.md lists the meters. */
final class HintMeters {
    /** Why a hint did not reach its node. */
    enum Cause {
        /** More changes waited to be told than may. */
        OUTBOX,
        /** Redis was away, silent, or refused. */
        REDIS,
        /** The node it was for is gone. */
        NOBODY,
        /** More hints waited to be delivered here than may. */
        INBOX,
        /** It was no hint. */
        MALFORMED
    }

    private final Counter sent;
    private final Counter received;
    private final Counter signalsSent;
    private final Counter signalsReceived;
    private final Counter shared;
    private final Timer roundTrip;
    private final Map<Cause, Counter> dropped = new EnumMap<>(Cause.class);

    HintMeters(MeterRegistry registry) {
        sent = registry.counter("cove.hints.sent");
        received = registry.counter("cove.hints.received");
        signalsSent = registry.counter("cove.signals.sent");
        signalsReceived = registry.counter("cove.signals.received");
        shared = registry.counter("cove.limits.told");
        roundTrip = Timer.builder("cove.redis.round.trip")
                .serviceLevelObjectives(Metrics.buckets())
                .register(registry);
        for (Cause cause : Cause.values()) {
            dropped.put(
                    cause,
                    registry.counter("cove.hints.dropped", "cause", cause.name().toLowerCase(Locale.ROOT)));
        }
    }

    void sent() {
        sent.increment();
    }

    void received() {
        received.increment();
    }

    /** Signals of who is online and who types, as many as travelled together. */
    void signalled() {
        signalsSent.increment();
    }

    void signalReceived() {
        signalsReceived.increment();
    }

    /** A node was told of the limits of users who are on it, too. */
    void shared() {
        shared.increment();
    }

    /** Redis answered what it was asked at this moment. */
    void answered(long nanoTime) {
        roundTrip.record(System.nanoTime() - nanoTime, TimeUnit.NANOSECONDS);
    }

    void dropped(Cause cause, int hints) {
        Objects.requireNonNull(dropped.get(cause)).increment(hints);
    }
}
