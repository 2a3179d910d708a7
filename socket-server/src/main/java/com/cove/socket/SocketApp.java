package com.cove.socket;

import com.cove.auth.TokenVerifier;
import com.cove.db.Database;
import com.cove.model.hook.HookSignature;
import com.cove.socket.event.EventDispatcher;
import com.cove.socket.fanout.Connections;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.health.Health;
import com.cove.socket.hook.HookServer;
import com.cove.socket.message.SendMessageHandler;
import com.cove.socket.presence.Presence;
import com.cove.socket.read.MarkReadHandler;
import com.cove.socket.session.TokenExpiry;
import com.cove.socket.transport.SocketTransport;
import com.cove.socket.typing.Typists;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The socket server, wired and running until closed. The database and the verifier are the caller's to close. */
public final class SocketApp implements AutoCloseable {
    private final HashedWheelTimer timer =
            new HashedWheelTimer(new DefaultThreadFactory("timer", true), 10, TimeUnit.MILLISECONDS);
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("event-", 0).factory());
    private final Health health;
    private final HookServer hook;
    private final SocketTransport transport;

    private SocketApp(SocketConfig config, Database database, TokenVerifier verifier) throws IOException {
        Clock clock = Clock.systemUTC();
        Connections connections = new Connections();
        Fanout fanout = new Fanout(connections, database.messages(), timer, executor);
        Presence presence = new Presence(database.users(), fanout, timer, executor, clock, config.presenceGrace());
        Typists typists = new Typists(database.threads(), fanout, timer);
        TokenExpiry expiry = new TokenExpiry(verifier, timer, clock);
        fanout.observe(typists);
        fanout.observe(presence);
        EventDispatcher dispatcher = new EventDispatcher(
                verifier,
                database.users(),
                SocketEvents.table(
                        new SendMessageHandler(database.messages(), fanout),
                        new MarkReadHandler(database.reads(), fanout),
                        typists,
                        expiry,
                        database.sync()),
                List.of(connections, expiry, presence, typists));
        health = new Health(database, connections);
        hook = HookServer.start(config.internal(), new HookSignature(config.hookSecrets(), clock), fanout, executor);
        try {
            transport = SocketTransport.start(config.transport(), timer, executor, dispatcher, health);
        } catch (IOException e) {
            hook.close();
            throw e;
        }
    }

    /**
     * Starts the server.
     *
     * @throws IOException if a port cannot be had
     */
    public static SocketApp start(SocketConfig config, Database database, TokenVerifier verifier) throws IOException {
        return new SocketApp(config, database, verifier);
    }

    /** The port clients connect to. */
    public int port() {
        return transport.port();
    }

    /** The port of the internal hook. */
    public int internalPort() {
        return hook.port();
    }

    /** Stops: no new connections, the open ones close and come back elsewhere, what is being done is finished. */
    @Override
    public void close() {
        health.drain();
        transport.close();
        hook.close();
        executor.close();
        timer.stop();
    }
}
