package com.cove.socket.event;

import com.cove.socket.transport.Connection;

/**
 * Does what an event asks for. May block; runs on a virtual thread, one event of a connection at a time.
 *
 * @param <P> the payload, already checked by its own constructor
 */
@FunctionalInterface
public interface EventHandler<P> {
    /**
     * Handles one event.
     *
     * @throws com.cove.model.error.AppException for what the client is to be told
     */
    Answer handle(Connection connection, P payload);
}
