package com.cove.bench.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Addresses of this machine that connections come from. One address has some 28,000 ports to give, each of which stays taken for a minute
 * after its connection, and looking for one of the last takes the kernel longer than all else: so each process has addresses of its own.
 * And the product's limit of sessions of one address, 5,000, holds for the people here as for any.
 */
public final class Sources {
    private static final int CONNECTIONS_EACH = 4_500;
    private static final int MAX = 250;
    private static final long PROCESS = ProcessHandle.current().pid();

    private Sources() {}

    /** Where the connection of that number begins: an address between {@code 127.128.0.1} and {@code 127.255.255.250}. */
    public static InetSocketAddress of(int connection) {
        byte[] address = {
            127, (byte) (128 + (PROCESS >> 8) % 128), (byte) PROCESS, (byte) (1 + connection / CONNECTIONS_EACH % MAX)
        };
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
