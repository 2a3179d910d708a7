package com.cove.bench.wire;

/** Where bytes are looked at, one read of one websocket after the other. */
public final class Received {
    private byte[] bytes = new byte[128 * 1024];

    /** The array, at least so long; what it held is gone with the next call. */
    byte[] room(int length) {
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        return bytes;
    }
}
