package com.cove.socket.transport;

import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.json.Json;
import java.util.HashMap;
import java.util.Map;

/**
 * An event for many connections, each of which is told with it what it has seen so far. Encoded once for all that have seen the
 * same. To be closed when it was sent to the last; not thread-safe.
 */
public final class Broadcast implements AutoCloseable {
    private final String beginning;
    private final Map<String, OutboundEvent> byOffset = new HashMap<>(2);

    public Broadcast(Stored event) {
        this.beginning = "[\"" + event.eventName() + "\"," + Json.text(event) + ",\"";
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
