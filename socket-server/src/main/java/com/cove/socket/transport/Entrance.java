package com.cove.socket.transport;

import java.util.concurrent.Semaphore;

/**
 * Lets clients in a few at a time, in the order in which they came to it. After a restart all come at once, and each asks the database:
 * unbounded, those who are in would wait for it behind everybody who is not.
 */
final class Entrance {
    /** With the transactions that store messages it leaves connections of the database for everything else. */
    private static final int AT_A_TIME = 4;

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
