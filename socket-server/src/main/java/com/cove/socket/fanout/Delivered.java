package com.cove.socket.fanout;

import com.cove.db.history.Horizon;

/**
 * How far this node is: everything that the horizon sees was sent to whoever of its members was connected.
 *
 * @param round of {@link Repair}, the look at the database that found it so
 * @param base of the offsets of its connections, which all of them share
 */
record Delivered(int round, Horizon horizon, String base) {
    Delivered(int round, Horizon horizon) {
        this(round, horizon, Seen.base(horizon));
    }
}
