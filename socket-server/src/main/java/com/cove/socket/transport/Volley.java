package com.cove.socket.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Events for many connections, of which each event loop is told once, at the end: one that was told of each would, on a busy core,
 * be woken for each. Not thread-safe.
 */
public final class Volley implements AutoCloseable {
    /** For more, the list grows: most of those that are expected may be connected elsewhere. */
    private static final int MANY = 64;

    private final List<Outlet> woken;
    private final Consumer<Outlet> wake = this::wake;

    /** @param expected for so many connections, or about */
    public Volley(int expected) {
        this.woken = new ArrayList<>(Math.min(expected, MANY));
    }

    /** As {@link Connection#send}, but perhaps not before this is closed. */
    public void send(Connection connection, OutboundEvent event) {
        connection.write(event.frames(), wake);
    }

    void wake(Outlet outlet) {
        if (outlet.claim()) {
            woken.add(outlet);
        }
    }

    @Override
    public void close() {
        List<EventLoop> told = new ArrayList<>(2);
        for (Outlet outlet : woken) {
            EventLoop loop = outlet.loop();
            if (!told.contains(loop)) {
                told.add(loop);
                Outlet.execute(loop, () -> writeTo(loop));
            }
        }
    }

    /** All look through one list: loops are few, and a list for each would be garbage of every event. */
    private void writeTo(EventLoop loop) {
        for (Outlet outlet : woken) {
            if (outlet.loop().equals(loop)) {
                outlet.write();
            }
        }
    }
}
