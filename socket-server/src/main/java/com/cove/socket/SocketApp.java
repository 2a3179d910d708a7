package com.cove.socket;

import com.cove.auth.TokenAuthority;
import com.cove.auth.fcm.PushClient;
import com.cove.db.Database;
import com.cove.db.message.GroupCommit;
import com.cove.model.event.ServerEvent.UserOnline;
import com.cove.model.event.ServerEvent.UserTyping;
import com.cove.model.hook.HookSignature;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.event.EventDispatcher;
import com.cove.socket.fanout.Connections;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.fanout.Recovery;
import com.cove.socket.fanout.Repair;
import com.cove.socket.health.Health;
import com.cove.socket.health.HealthWatch;
import com.cove.socket.hook.HookEndpoint;
import com.cove.socket.internal.InternalServer;
import com.cove.socket.limit.UserLimits;
import com.cove.socket.message.MemberCache;
import com.cove.socket.message.SendMessageHandler;
import com.cove.socket.nodes.Neighbours;
import com.cove.socket.nodes.NoNeighbours;
import com.cove.socket.nodes.Nodes;
import com.cove.socket.nodes.Shares;
import com.cove.socket.operator.NodesPage;
import com.cove.socket.operator.ThisNode;
import com.cove.socket.presence.Presence;
import com.cove.socket.push.Pushing;
import com.cove.socket.read.MarkReadHandler;
import com.cove.socket.session.RevocationCheck;
import com.cove.socket.session.TokenExpiry;
import com.cove.socket.telemetry.Metrics;
import com.cove.socket.transport.SocketTransport;
import com.cove.socket.typing.Typists;
import com.sun.net.httpserver.HttpHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket server, wired and running until closed. The database and the authority of tokens are the caller's to close. */
public final class SocketApp implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SocketApp.class);
    /** Transactions that store messages, at a time: the rest of the pool is for everything else. */
    private static final int SEND_TRANSACTIONS = 4;

    private static final GroupCommit.Limits SEND_LIMITS =
            new GroupCommit.Limits(SEND_TRANSACTIONS, Duration.ofMillis(10), 8_000, Duration.ofSeconds(5));
    /** For what hangs; together with the drain and what the transport grants, within the time that docs/operations.md names. */
    private static final int SHUTDOWN_SECONDS = 1;

    /** Each tick wakes the processor: every 10 ms that was a third of what an idle server costs. */
    private static final int TICK_MILLIS = 50;

    private final HashedWheelTimer timer =
            new HashedWheelTimer(new DefaultThreadFactory("timer", true), TICK_MILLIS, TimeUnit.MILLISECONDS);
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("event-", 0).factory());
    /**
     * Threads of the system's own, which runs one as soon as PostgreSQL answered. A virtual one would wait behind everybody who was told
     * of the batch before, while its own transaction stays open.
     */
    private final ExecutorService senders = Executors.newFixedThreadPool(
            SEND_TRANSACTIONS, Thread.ofPlatform().name("send-", 0).daemon().factory());

    private final RevocationCheck revocation;
    private final Repair repair;
    private final Health health;
    private final HealthWatch watch;
    private final Optional<Nodes> nodes;
    private final Neighbours neighbours;
    private final Presence presence;
    private final Optional<Pushing> pushing;
    private final Metrics metrics = new Metrics();
    private final InternalServer internal;
    private final SocketTransport transport;

    private SocketApp(SocketConfig config, Database database, TokenAuthority tokens, Optional<PushClient> client)
            throws IOException {
        Clock clock = Clock.systemUTC();
        Connections connections = new Connections();
        Fanout fanout = new Fanout(connections, database.news(), timer, executor, metrics.registry());
        repair = new Repair(database.news(), fanout, executor, config.repair());
        Recovery recovery =
                new Recovery(database.recovery(), connections, fanout, repair, metrics.registry(), config.recovery());
        health = new Health(database, connections, config.redis().map(_ -> this::isRedisUp));
        watch = new HealthWatch(health, timer, executor, HealthWatch.INTERVAL);
        UserLimits limits = new UserLimits(config.transport().limits());
        ThisNode self = new ThisNode(config.node(), health, metrics.registry(), executor, clock);
        Shares shares = new Shares(limits, connections);
        nodes = config.redis()
                .map(redis -> new Nodes(redis, fanout, shares, self::summary, executor, metrics.registry()));
        neighbours = nodes.<Neighbours>map(known -> known).orElseGet(NoNeighbours::new);
        presence =
                new Presence(database.presence(), fanout, neighbours, timer, executor, clock, config.presenceGrace());
        Typists typists = new Typists(database.threads(), fanout, neighbours, timer);
        revocation = new RevocationCheck(tokens, connections, timer, executor, config.revocationCheck());
        TokenExpiry expiry = new TokenExpiry(revocation.verifier(), timer, clock);
        fanout.observe(typists);
        fanout.observe(presence);
        neighbours.start(presence, signal -> {
            switch (signal.event()) {
                case UserTyping typing -> typists.heard(typing, signal.recipients());
                case UserOnline online -> presence.heard(online, signal.recipients());
                default -> throw new IllegalArgumentException("nothing that nodes signal");
            }
        });
        pushing = config.push()
                .flatMap(push -> client.map(
                        fcm -> new Pushing(push, database, fcm, connections, executor, clock, metrics.registry())));
        List<ConnectionObserver> observers =
                new ArrayList<>(List.of(shares.departures(), recovery, expiry, presence, typists, shares.arrivals()));
        pushing.ifPresent(push -> observers.add(push.following(fanout)));
        GroupCommit sends =
                new GroupCommit(database.messages().knowing(new MemberCache()), senders, SocketApp::later, SEND_LIMITS);
        metrics.registry().gauge("cove.sends.waiting", sends, GroupCommit::waiting);
        EventDispatcher dispatcher = new EventDispatcher(
                revocation.verifier(),
                database.users(),
                SocketEvents.table(
                        new SendMessageHandler(sends, fanout),
                        new MarkReadHandler(database.reads(), fanout),
                        typists,
                        database.presence(),
                        expiry,
                        database.sync()),
                observers,
                limits,
                metrics.registry());
        HookEndpoint hook = new HookEndpoint(new HookSignature(config.hookSecrets(), clock), fanout);
        Map<String, HttpHandler> endpoints = new HashMap<>();
        endpoints.put("/internal/notify", hook);
        endpoints.put("/metrics", metrics);
        endpoints.put("/nodes", new NodesPage(self, nodes.map(known -> known::summaries)));
        pushing.ifPresent(push -> endpoints.put("/pushes", push.page()));
        internal = InternalServer.start(config.internal(), endpoints, executor);
        repair.start();
        presence.start();
        pushing.ifPresent(Pushing::start);
        try {
            transport =
                    SocketTransport.start(config.transport(), timer, executor, dispatcher, health, metrics.registry());
        } catch (IOException e) {
            pushing.ifPresent(Pushing::close);
            presence.close();
            neighbours.close();
            repair.close();
            internal.close();
            throw e;
        }
        self.listens(port());
        revocation.start();
        watch.start();
        log.atInfo()
                .addKeyValue("port", port())
                .addKeyValue("internalPort", internalPort())
                .log("started");
    }

    /** Starts the server, without pushes. */
    public static SocketApp start(SocketConfig config, Database database, TokenAuthority tokens) throws IOException {
        return start(config, database, tokens, Optional.empty());
    }

    /**
     * Starts the server.
     *
     * @param pushes takes pushes to devices, where the settings want them; the caller's to close
     * @throws IOException if a port cannot be had
     */
    public static SocketApp start(
            SocketConfig config, Database database, TokenAuthority tokens, Optional<PushClient> pushes)
            throws IOException {
        return new SocketApp(config, database, tokens, pushes);
    }

    /** The port clients connect to. */
    public int port() {
        return transport.port();
    }

    /** The port of the hook and of the meters. */
    public int internalPort() {
        return internal.port();
    }

    /** More exactly than by the timer, whose ticks are longer than a transaction has until it is slow. */
    private static void later(Runnable task, Duration delay) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(task);
    }

    /** Where there is to be Redis; asked once all is wired. */
    private boolean isRedisUp() {
        return nodes.filter(Nodes::isUp).isPresent();
    }

    /** What is still running has been answered already, or hangs. */
    private void stopWorking() {
        executor.shutdown();
        senders.shutdown();
        try {
            if (!executor.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
                senders.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            senders.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Stops: no new connections, the open ones close and come back elsewhere, what is being done is finished. */
    @Override
    public void close() {
        log.atInfo().addKeyValue("sessions", transport.sessions()).log("stopping");
        health.drain();
        watch.close();
        pushing.ifPresent(Pushing::stop);
        transport.close();
        revocation.close();
        pushing.ifPresent(Pushing::close);
        presence.close();
        neighbours.close();
        repair.close();
        internal.close();
        stopWorking();
        timer.stop();
        metrics.close();
        log.atInfo().log("stopped");
    }
}
