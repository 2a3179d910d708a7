package com.cove.socket.event;

import com.cove.model.error.ErrorCode;
import com.cove.socket.telemetry.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of connections and events. */
final class EventTelemetry {
    private static final String OK = "ok";
    private static final String UNKNOWN = "unknown";

    private final MeterRegistry meters;
    private final Set<String> names;
    private final AtomicInteger connections = new AtomicInteger();
    /** The meters themselves: to look one up in the registry takes longer than to count. */
    private final Map<Outcome, Counter> outcomes = new ConcurrentHashMap<>();

    private final Map<String, Timer> durations = new ConcurrentHashMap<>();

    private record Outcome(String event, String outcome) {}

    /** @param names of the events there are: a stranger's names make no meters */
    EventTelemetry(MeterRegistry meters, Set<String> names) {
        this.meters = meters;
        this.names = names;
        meters.gauge("cove.connections", connections);
    }

    void connected() {
        connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    /** A CONNECT that was refused. */
    void refused(ErrorCode why) {
        meters.counter("cove.refusals", "cause", why.wireName()).increment();
    }

    void succeeded(String event) {
        count(event, OK);
    }

    void failed(String event, ErrorCode why) {
        count(event, why.wireName());
    }

    private void count(String event, String outcome) {
        outcomes.computeIfAbsent(
                        new Outcome(known(event), outcome),
                        of -> meters.counter("cove.events", "event", of.event, "outcome", of.outcome))
                .increment();
    }

    /** @param since when its handling began, as {@link System#nanoTime} */
    void handled(String event, long since) {
        durations.computeIfAbsent(known(event), this::duration).record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
    }

    private Timer duration(String event) {
        return Timer.builder("cove.event.duration")
                .description("From the beginning of its handling to its acknowledgement")
                .tag("event", event)
                .serviceLevelObjectives(Metrics.buckets())
                .register(meters);
    }

    /** The event's name as log and meters may show it. */
    String known(String event) {
        return names.contains(event) ? event : UNKNOWN;
    }
}
