package com.cove.socket.transport;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketConfig;
import com.corundumstudio.socketio.SocketIOServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.Epoll;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The listening socket port. */
public final class SocketTransport implements AutoCloseable {
    private static final int SHUTDOWN_SECONDS = 4;

    private final SocketIOServer server;
    private final EdgePipeline pipeline;
    private final Channel listening;
    private final Timer timer;
    private final Duration drain;

    private SocketTransport(
            SocketIOServer server, EdgePipeline pipeline, Channel listening, Timer timer, Duration drain) {
        this.server = server;
        this.pipeline = pipeline;
        this.listening = listening;
        this.timer = timer;
        this.drain = drain;
    }

    /**
     * Starts to listen.
     *
     * @param executor of virtual threads, for everything that may block
     * @param health asked for every {@code GET /health}; may block
     * @param meters that docs/operations.md lists
     * @throws IOException if the port cannot be had
     */
    public static SocketTransport start(
            TransportConfig config,
            Timer timer,
            Executor executor,
            ConnectionListener listener,
            Supplier<HealthReport> health,
            MeterRegistry meters)
            throws IOException {
        return start(config, timer, executor, session -> new SocketProtocol(session, listener), health, meters);
    }

    static SocketTransport start(
            TransportConfig config,
            Timer timer,
            Executor executor,
            PacketHandler.Factory protocol,
            Supplier<HealthReport> health,
            MeterRegistry meters)
            throws IOException {
        EdgePipeline pipeline = new EdgePipeline(config, timer, executor, protocol, health, meters);
        SocketIOServer server = new SocketIOServer(configuration(config));
        UnusedPipeline.release(server);
        server.setPipelineFactory(pipeline);
        ChannelFuture bound = (ChannelFuture) server.startAsync();
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            server.stop();
            throw new IOException("port " + config.port() + " is in use or not allowed", bound.cause());
        }
        return new SocketTransport(
                server, pipeline, bound.channel(), timer, config.timeouts().drain());
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Sessions open now, verified or not. */
    public int sessions() {
        return pipeline.sessions().all().size();
    }

    /**
     * Stops: refuses new sessions, ends the open ones – each after all it had asked for is done and answered, and at a time of
     * its own within {@link TransportConfig.Timeouts#drain} – and then the listening.
     */
    @Override
    public void close() {
        pipeline.sessions().drain();
        endSessions();
        listening.close().awaitUninterruptibly();
        pipeline.sessions().all().forEach(session -> session.close(CloseReason.SHUTDOWN));
        stopQuietly(listening.eventLoop().parent());
        // Now all that was accepted is known to its loop, or waits there to be.
        pipeline.closeConnections().awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        pipeline.workers().ifPresent(SocketTransport::stopQuietly);
        server.stop();
    }

    private void endSessions() {
        for (EngineSession session : pipeline.sessions().all()) {
            long delay = drain.isZero() ? 0 : ThreadLocalRandom.current().nextLong(drain.toMillis());
            timer.newTimeout(_ -> session.finish(CloseReason.SHUTDOWN), delay, TimeUnit.MILLISECONDS);
        }
        try {
            pipeline.sessions().awaitEmpty(drain.plusSeconds(SHUTDOWN_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The library would wait two seconds for each group to stay quiet; everything of ours is closed already. */
    private static void stopQuietly(EventExecutorGroup group) {
        group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Configuration configuration(TransportConfig config) {
        SocketConfig socket = new SocketConfig();
        socket.setReuseAddress(true);
        socket.setTcpNoDelay(true);
        Configuration library = new Configuration();
        if (config.host() != null) {
            library.setHostname(config.host());
        }
        library.setPort(config.port());
        library.setSocketConfig(socket);
        library.setBossThreads(1);
        library.setUseLinuxNativeEpoll(Epoll.isAvailable());
        library.setPingInterval((int) config.timeouts().pingInterval().toMillis());
        library.setPingTimeout((int) config.timeouts().pingTimeout().toMillis());
        library.setAckMode(AckMode.MANUAL);
        library.setRandomSession(true);
        // It would read the manifests of all jars for a header of answers that are not its own here.
        library.setAddVersionHeader(false);
        return library;
    }
}
