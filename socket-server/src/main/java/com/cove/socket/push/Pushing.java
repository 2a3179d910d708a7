package com.cove.socket.push;

import com.cove.auth.fcm.PushClient;
import com.cove.db.Database;
import com.cove.socket.fanout.Connections;
import com.cove.socket.fanout.Fanout;
import com.sun.net.httpserver.HttpHandler;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/** All about pushes, wired: whom the connections here reached, and the sending to those whom nothing did. */
public final class Pushing implements AutoCloseable {
    /** Less than the grace: those who answer are known before anybody decides. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Reach reach;
    private final Pushes pushes;
    private final PushesPage page;

    public Pushing(
            PushConfig config,
            Database database,
            PushClient client,
            Connections connections,
            Executor executor,
            Clock clock,
            MeterRegistry meters) {
        reach = new Reach(database.reach(), connections, executor, clock, PATIENCE, meters);
        pushes = new Pushes(database.pushes(), client, config, executor, clock, new PushMeters(meters));
        page = new PushesPage(database.pushes(), config.rules(), clock);
    }

    /** Has the fan-out tell what it delivers, and how far it is. */
    public Reach following(Fanout fanout) {
        fanout.observe(reach);
        fanout.followBy(reach);
        return reach;
    }

    /** For operators: why somebody got a push, or none. */
    public HttpHandler page() {
        return page;
    }

    public void start() {
        reach.start();
        pushes.start();
    }

    /** Nothing more is sent; whom the connections here reach is told until the end. */
    public void stop() {
        pushes.stop();
    }

    @Override
    public void close() {
        pushes.close();
        reach.close();
    }
}
