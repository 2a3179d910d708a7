package com.cove.socket.event;

import com.cove.model.event.ClientEvent;
import com.cove.model.json.Json;
import com.cove.socket.transport.Connection;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One row of the table of events: the event of the contract and who handles it. */
public record EventBinding<P, A extends Record>(ClientEvent<P, A> event, EventHandler<P> handler) {

    /** With a handler that answers with the record itself. */
    public static <P, A extends Record> EventBinding<P, A> of(
            ClientEvent<P, A> event, BiFunction<Connection, P, A> handler) {
        return new EventBinding<>(event, (connection, payload) -> Answer.of(handler.apply(connection, payload)));
    }

    Answer handle(Connection connection, @Nullable JsonNode payload) {
        return handler.handle(connection, Json.bind(payload, event.payload()));
    }
}
