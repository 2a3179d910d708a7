package com.cove.socket.event;

import com.cove.model.event.ClientEvent;
import com.cove.model.json.Json;
import com.cove.socket.transport.Connection;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** One row of the table of events: the event of the contract and who handles it. */
public record EventBinding<P, A extends Record>(ClientEvent<P, A> event, EventHandler<P, A> handler) {

    A handle(Connection connection, @Nullable JsonNode payload) {
        return handler.handle(connection, Json.bind(payload, event.payload()));
    }
}
