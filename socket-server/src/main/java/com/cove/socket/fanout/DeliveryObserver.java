package com.cove.socket.fanout;

import com.cove.model.hook.Delivery;

/** Something that follows what is delivered. Called on virtual threads, before the event goes out. */
@FunctionalInterface
public interface DeliveryObserver {
    void delivering(Delivery delivery);
}
