package com.cove.bench.people;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import com.cove.bench.run.Run;
import com.cove.bench.wire.Received;
import com.cove.bench.wire.Upgrade;
import java.net.InetSocketAddress;

/** The server that is measured, and what all clients of it have in common. */
public record Target(Run run, InetSocketAddress address, Upgrade upgrade, Received received) {
    private static final String PATH = "/socket.io/?EIO=4&transport=websocket";

    /** Reads {@code host} and {@code port}. */
    public static Target of(Settings settings, Run run) throws Trouble {
        String host = settings.text("host", "127.0.0.1");
        InetSocketAddress address = new InetSocketAddress(host, settings.integer("port", 3001, 1));
        return new Target(run, address, new Upgrade(address, PATH), new Received());
    }
}
