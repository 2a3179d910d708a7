package com.cove.socket;

import com.cove.auth.TokenAuthority;
import com.cove.db.Database;
import com.cove.socket.event.EventDispatcher;
import com.cove.socket.fanout.Connections;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.fanout.Recovery;
import com.cove.socket.fanout.Repair;
import com.cove.socket.limit.UserLimits;
import com.cove.socket.push.Reach;
import com.cove.socket.transport.HealthReport;
import com.cove.socket.transport.SocketTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.HashedWheelTimer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** As much of a socket server as finds out whom what is stored has reached: it delivers what it finds in the database. */
final class ReachNode implements AutoCloseable {
    private final HashedWheelTimer timer = new HashedWheelTimer(10, TimeUnit.MILLISECONDS);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Fanout fanout;
    private final Repair repair;
    private final Reach reach;
    private final SocketTransport transport;

    /** @param patience with users who do not answer */
    ReachNode(Database database, TokenAuthority tokens, Duration patience) throws IOException {
        SocketConfig config = SocketConfig.fromEnvironment(Map.of(
                "SOCKET_PORT", "0",
                "INTERNAL_PORT", "0",
                "HOOK_SECRET", TestServer.HOOK_SECRET,
                "SOCKET_DRAIN_MS", "0",
                "REPAIR_INTERVAL_MS", "100"));
        Connections connections = new Connections();
        fanout = new Fanout(connections, database.news(), timer, executor, meters);
        repair = new Repair(database.news(), fanout, executor, config.repair());
        Recovery recovery = new Recovery(database.recovery(), connections, fanout, repair, meters, config.recovery());
        reach = new Reach(database.reach(), connections, executor, Clock.systemUTC(), patience, meters);
        fanout.observe(reach);
        fanout.followBy(reach);
        EventDispatcher dispatcher = new EventDispatcher(
                tokens,
                database.users(),
                List.of(),
                List.of(recovery, reach),
                new UserLimits(config.transport().limits()),
                meters);
        repair.start();
        reach.start();
        transport = SocketTransport.start(
                config.transport(), timer, executor, dispatcher, () -> new HealthReport(true, "{}"), meters);
    }

    int port() {
        return transport.port();
    }

    /** The name of the history that the last look saw. */
    String history() {
        return fanout.history().orElse("");
    }

    /** How many pings went out beside heartbeats. */
    int pings() {
        return (int) meters.counter("cove.reach.pings").count();
    }

    @Override
    public void close() {
        transport.close();
        reach.close();
        repair.close();
        timer.stop();
        executor.close();
    }
}
