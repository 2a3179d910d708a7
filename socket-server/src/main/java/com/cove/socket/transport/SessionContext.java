package com.cove.socket.transport;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What all sessions of a server share: settings, timer, virtual threads, the protocol above them, the way in, and each other. */
record SessionContext(
        TransportConfig config,
        Timer timer,
        Executor executor,
        PacketHandler.Factory protocol,
        Sessions sessions,
        Entrance entrance,
        EdgeTelemetry telemetry) {

    /** Runs something short later, on the timer's thread. */
    Timeout after(Duration delay, Runnable work) {
        return timer.newTimeout(_ -> work.run(), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
