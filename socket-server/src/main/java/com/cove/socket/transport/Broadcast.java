package com.cove.socket.transport;

import com.cove.model.event.Change;
import java.util.HashMap;
import java.util.Map;

/**
 * The event of a change, for many connections, each of which is told with it what it has seen so far. One frame for all that have
 * seen the same, around the finished JSON. To be closed when it was sent to the last; not thread-safe.
 */
public final class Broadcast implements AutoCloseable {
    private final String beginning;
    private final Map<String, OutboundEvent> byOffset = new HashMap<>(2);

    public Broadcast(Change change) {
        this.beginning = "[\"" + change.eventName() + "\"," + change.payload() + ",\"";
    }

    /**
     * The event as it goes out with this offset, which a client gives back when it reconnects.
     *
     * @param offset of letters, digits and signs that JSON does not escape
     */
    public OutboundEvent with(String offset) {
        return byOffset.computeIfAbsent(offset, last -> OutboundEvent.shared(beginning + last + "\"]"));
    }

    @Override
    public void close() {
        byOffset.values().forEach(OutboundEvent::close);
    }
}
