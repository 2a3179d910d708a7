package com.cove.api.hook;

import com.cove.model.hook.Delivery;

/** Tells the socket server what was committed. A hint: it never fails a request, and losing it costs time only. */
public interface Hook {
    /** Returns within 300 ms, whatever became of it. */
    void tell(Delivery delivery);

    /** Where there is no socket server to tell. */
    static Hook none() {
        return delivery -> {};
    }
}
