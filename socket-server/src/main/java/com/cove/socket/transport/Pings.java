package com.cove.socket.transport;

import org.jspecify.annotations.Nullable;

/**
 * The Engine.IO pings of one session, heartbeats among them, and how many the client has answered. It answers each, in order, and
 * what was sent before a ping arrives before it: an answer says that all that has arrived. Guarded by the session's lock.
 */
final class Pings {
    private long sent;
    private long answered;
    /** What is to run once this many are answered. */
    private @Nullable Runnable waiting;

    private long awaited;

    /** One goes out. */
    void sent() {
        sent++;
    }

    /** Has something run once the next ping is answered; false while something else waits for an earlier one. */
    boolean await(Runnable arrived) {
        if (waiting != null) {
            return false;
        }
        waiting = arrived;
        awaited = sent + 1;
        return true;
    }

    /** One is answered, unless all are: an answer to nothing proves nothing later. What is to run now, outside the lock. */
    @Nullable Runnable answered() {
        answered = Math.min(answered + 1, sent);
        if (waiting == null || answered < awaited) {
            return null;
        }
        Runnable arrived = waiting;
        waiting = null;
        return arrived;
    }

    /** Nothing is answered any more. */
    void end() {
        waiting = null;
    }
}
