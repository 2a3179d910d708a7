package com.cove.socket.transport;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.Timer;

/** What sessions share, without a server around them. */
final class Contexts {
    private Contexts() {}

    static SessionContext of(TransportConfig config, Timer timer, PacketHandler.Factory protocol) {
        Sessions sessions = new Sessions(config.limits());
        return new SessionContext(
                config,
                timer,
                Runnable::run,
                protocol,
                sessions,
                new Entrance(),
                new EdgeTelemetry(new SimpleMeterRegistry(), sessions));
    }
}
