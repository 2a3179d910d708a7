package com.cove.bench.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Addresses of this machine that connections come from. One address has some 28,000 ports to give; and the product's limit of
 * sessions of one address, 5,000, holds for the people here as for any.
 */
public final class Sources {
    private static final int CONNECTIONS_EACH = 4_500;
    private static final int MAX = 250;

    private Sources() {}

    /** Where the connection of that number begins: {@code 127.0.0.1}, then {@code 127.0.0.2}, and so on. */
    public static InetSocketAddress of(int connection) {
        byte last = (byte) (1 + connection / CONNECTIONS_EACH % MAX);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, last}), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
