package com.cove.api.hook;

import com.cove.model.hook.Delivery;

/** Tells the socket server what was committed. A hint: it never fails a request, and losing it costs time only. */
public interface Hook {
    /**
     * Returns within 300 ms, whatever became of it.
     *
     * @param requestId of the request that committed it, for the log of the other side
     */
    void tell(Delivery delivery, String requestId);

    /** Loads what telling needs, by telling nobody of nothing; within two seconds, whatever became of it. */
    default void rehearse() {}

    /** Lets go of what it has open, and of what it knows of the socket server; the next call begins anew. */
    default void disconnect() {}

    /** Where there is no socket server to tell. */
    static Hook none() {
        return (delivery, requestId) -> {};
    }
}
