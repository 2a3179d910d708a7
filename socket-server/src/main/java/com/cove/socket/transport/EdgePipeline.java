package com.cove.socket.transport;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.cove.socket.limit.Seats;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the pipeline of every connection to the socket port. The library starts and stops its own handlers along with this,
 * but none of them is in the pipeline.
 */
final class EdgePipeline extends SocketIOChannelInitializer {
    static final String HTTP_IDLE = "httpIdle";
    private static final int FLUSHES_CONSOLIDATED = 256;
    /** What one connection may have read before it is another's turn: a flood takes a loop for so long. */
    private static final int MAX_READ_BYTES = 8 * 1024;

    /**
     * What the system takes for a client that lags. By itself it grows to megabytes, and then it is many seconds until it
     * takes more of somebody on a thin line, who would look like one who takes nothing.
     */
    private static final int KERNEL_BUFFER_BYTES = 128 * 1024;

    private static final int FIRST_READ_BYTES = 1024;
    private static final int MIN_READ_BYTES = 256;

    private final TransportConfig config;
    private final Sessions sessions;
    private final EdgeTelemetry telemetry;
    private final SessionContext context;
    private final EngineRequests requests;
    private final Seats<InetAddress> seats;
    /** All that are open; once it was closed, one that is added is closed too. */
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final Unopened unopened = new Unopened();
    /** Of each event loop. */
    private final Map<EventLoop, Arrivals> arrivals = new ConcurrentHashMap<>();

    private volatile @Nullable EventExecutorGroup workers;

    EdgePipeline(
            TransportConfig config,
            Timer timer,
            Executor executor,
            PacketHandler.Factory protocol,
            Supplier<HealthReport> health,
            MeterRegistry meters) {
        this.config = config;
        this.sessions = new Sessions(config.limits());
        this.telemetry = new EdgeTelemetry(meters, sessions);
        this.context = new SessionContext(config, timer, executor, protocol, sessions, new Entrance(), telemetry);
        this.seats = new Seats<>(config.limits().networkConnectionsPerAddress());
        this.requests = new EngineRequests(context, health);
    }

    @Override
    protected void addSocketioHandlers(ChannelPipeline pipeline) {
        pipeline.addLast(new FlushConsolidationHandler(FLUSHES_CONSOLIDATED, true))
                .addLast(new HttpResponseEncoder())
                .addLast(new HttpRequestDecoder());
        RequestClock.addTo(pipeline, config.timeouts(), telemetry);
        pipeline.addLast(new BodyGate(requests, context))
                .addLast(new HttpObjectAggregator(config.packets().maxPayloadBytes()))
                .addLast(HTTP_IDLE, new IdleStateHandler(0, 0, httpIdle().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new OneRequestAtATime())
                .addLast(requests);
    }

    @Override
    protected void initChannel(Channel channel) throws Exception {
        workers = channel.eventLoop().parent();
        if (!seated(channel)) {
            telemetry.refused("too_many_connections", channel);
            channel.close();
            return;
        }
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES)
                                .maxMessagesPerRead(1));
        channel.config().setOption(ChannelOption.SO_SNDBUF, KERNEL_BUFFER_BYTES);
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(unopened);
        connections.add(channel);
        arrivals.computeIfAbsent(channel.eventLoop(), this::arrivalsOf).add(channel);
    }

    private Arrivals arrivalsOf(EventLoop loop) {
        telemetry.watch(loop);
        return new Arrivals(loop, context.executor(), this::open, telemetry.arrivals());
    }

    private void open(Channel channel) {
        channel.pipeline().remove(unopened);
        try {
            super.initChannel(channel);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        channel.config().setAutoRead(true);
    }

    /** Whether its address may have another network connection; proxies of ours have as many as they like. */
    private boolean seated(Channel channel) {
        InetAddress peer =
                config.access().proxies().untrusted(channel.remoteAddress()).orElse(null);
        if (peer == null) {
            return true;
        }
        boolean seated = seats.take(peer);
        if (seated) {
            channel.closeFuture().addListener(_ -> seats.leave(peer));
        }
        return seated;
    }

    /** The event loops of accepted connections, known once there was one: the library keeps them to itself. */
    Optional<EventExecutorGroup> workers() {
        return Optional.ofNullable(workers);
    }

    /**
     * Closes every connection once it was given what is to be written to it, and each that an event loop takes over later:
     * before it ends, a loop runs what it was given until then. To be called, and its end to be awaited, before the loops are
     * told to stop. They would not do it: a loop of Netty 4.2 that is told while it runs its tasks, and need not stay quiet,
     * ends without closing its connections; one that is told while it waits or reads closes them before it runs its tasks, so
     * that a goodbye or an acknowledgement among those is lost; and one that it is given in its last turn stays open in any
     * case. Their clients would wait for answers of nobody.
     */
    Future<?> closeConnections() {
        return connections.close();
    }

    /** A poll waits for as long as a heartbeat takes to come. */
    private Duration httpIdle() {
        Duration heartbeat = config.timeouts().heartbeat();
        Duration idle = config.timeouts().httpIdle();
        return heartbeat.compareTo(idle) > 0 ? heartbeat : idle;
    }

    Sessions sessions() {
        return sessions;
    }
}
