package com.cove.socket.transport;

import java.util.concurrent.Semaphore;

/**
 * Lets clients in so many at a time, in the order in which they came to it. After a restart all come at once: unbounded, what those
 * ask who are in would have its turn behind everybody who is not.
 */
final class Entrance {
    /** Enough to share what they look up, and a matter of milliseconds for whoever has to wait for the processor. */
    static final int AT_A_TIME = 32;

    private final Semaphore places = new Semaphore(AT_A_TIME, true);

    /** Runs it when it is its turn; the caller, a virtual thread, waits. */
    void pass(Runnable entering) {
        places.acquireUninterruptibly();
        try {
            entering.run();
        } finally {
            places.release();
        }
    }
}
