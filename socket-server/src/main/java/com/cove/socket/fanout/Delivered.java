package com.cove.socket.fanout;

import com.cove.db.history.Horizon;

/**
 * How far this node is: everything that the horizon sees was sent to whoever of its members was connected.
 *
 * @param round of {@link Repair}, the look at the database that found it so
 * @param seen by the clients of this node that were sent nothing else
 */
record Delivered(int round, Seen seen) {
    Delivered(int round, Horizon horizon) {
        this(round, new Seen(horizon));
    }

    Horizon horizon() {
        return seen.horizon();
    }
}
