package com.cove.socket.fanout;

import com.cove.db.history.Horizon;

/** Something that follows how far this node is. Called on {@code Repair}'s thread, after each look: must not wait. */
@FunctionalInterface
public interface HorizonObserver {
    /**
     * Everything that the horizon sees was sent to whoever of its members is connected here.
     *
     * @param began when the look did, by {@link System#nanoTime}: the horizon sees everything that was stored before
     */
    void delivered(Horizon horizon, long began);
}
