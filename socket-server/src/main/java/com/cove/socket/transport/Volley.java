package com.cove.socket.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Events for many connections, of which each event loop is told once, at the end: one that was told of each would, on a busy core,
 * be woken for each. Not thread-safe.
 */
public final class Volley implements AutoCloseable {
    /** For more, the list grows: most of those that are expected may be connected elsewhere. */
    private static final int MANY = 64;

    private final Map<EventLoop, List<Outlet>> woken = new HashMap<>(4);
    private final Consumer<Outlet> wake = this::wake;
    private final Function<EventLoop, List<Outlet>> noneYet;

    /** @param expected for so many connections, or about */
    public Volley(int expected) {
        this.noneYet = _ -> new ArrayList<>(Math.min(expected, MANY));
    }

    /** As {@link Connection#send}, but perhaps not before this is closed. */
    public void send(Connection connection, OutboundEvent event) {
        connection.write(event.frames(), wake);
    }

    void wake(Outlet outlet) {
        if (outlet.claim()) {
            woken.computeIfAbsent(outlet.loop(), noneYet).add(outlet);
        }
    }

    @Override
    public void close() {
        woken.forEach((loop, outlets) -> Outlet.execute(loop, () -> outlets.forEach(Outlet::write)));
    }
}
