package com.cove.socket.transport;

import com.cove.socket.telemetry.LogBudget;
import com.cove.socket.telemetry.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the edge tells of itself: meters, and a line for what a stranger does wrong, never with anything the stranger wrote. */
final class EdgeTelemetry {
    private static final Logger log = LoggerFactory.getLogger(EdgeTelemetry.class);
    private static final long PROBE_MS = 500;

    private final MeterRegistry meters;
    private final LogBudget budget = new LogBudget(log);
    private final Timer loopDelay;
    private final Timer arrivals;
    private final Counter upgrades;
    private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();

    EdgeTelemetry(MeterRegistry meters, Sessions sessions) {
        this.meters = meters;
        this.upgrades = meters.counter("cove.upgrades");
        this.loopDelay = timer("cove.loop.delay", "How late an event loop runs what is due");
        this.arrivals = timer("cove.arrivals", "How long a new network connection waited until it was read");
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
            new NettyAllocatorMetrics(buffers).bindTo(meters);
        }
        Gauge.builder("cove.sessions", sessions, all -> all.all().size())
                .description("Open Engine.IO sessions, verified or not")
                .register(meters);
        sizes("cove.mailbox", "Events received and not yet handled", sessions, EngineSession::waitingBytes);
        sizes("cove.outbound", "Written and not yet taken by the client", sessions, EngineSession::outboundBytes);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(Metrics.buckets())
                .register(meters);
    }

    private void sizes(String name, String description, Sessions sessions, ToLongFunction<EngineSession> size) {
        Gauge.builder(name, sessions, all -> all.all().stream().mapToLong(size).sum())
                .description(description + ", of all sessions")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder(
                        name + ".max",
                        sessions,
                        all -> all.all().stream().mapToLong(size).max().orElse(0))
                .description(description + ", of the session with most")
                .baseUnit("bytes")
                .register(meters);
    }

    Timer arrivals() {
        return arrivals;
    }

    void opened(String transport) {
        meters.counter("cove.handshakes", "transport", transport).increment();
    }

    void upgraded() {
        upgrades.increment();
    }

    void closed(CloseReason reason) {
        meters.counter("cove.session.ends", "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** @param cause one of a fixed few: it labels a meter */
    void refused(String cause, InetAddress client) {
        meters.counter("cove.refusals", "cause", cause).increment();
        budget.info()
                .addKeyValue("cause", cause)
                .addKeyValue("address", client.getHostAddress())
                .log("request refused");
    }

    /** As above, where no request says more of the client than its connection does. */
    void refused(String cause, Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress inet) {
            refused(cause, inet.getAddress());
        }
    }

    /** A session that spoke neither Engine.IO nor Socket.IO. */
    void fault(Throwable cause, InetAddress client) {
        budget.info()
                .addKeyValue(
                        "fault",
                        cause instanceof ProtocolException
                                ? cause.getMessage()
                                : cause.getClass().getSimpleName())
                .addKeyValue("address", client.getHostAddress())
                .log("session ended for a protocol fault");
    }

    /** Begins to measure a loop, the first time it is seen. */
    void watch(EventLoop loop) {
        if (loops.add(loop)) {
            probe(loop);
        }
    }

    private void probe(EventLoop loop) {
        long due = System.nanoTime() + Duration.ofMillis(PROBE_MS).toNanos();
        loop.schedule(
                () -> {
                    loopDelay.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
                    if (!loop.isShuttingDown()) {
                        probe(loop);
                    }
                },
                PROBE_MS,
                TimeUnit.MILLISECONDS);
    }
}
