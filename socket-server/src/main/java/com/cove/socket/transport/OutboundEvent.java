package com.cove.socket.transport;

import com.cove.model.event.ServerEvent;
import com.cove.model.json.Json;
import java.util.List;

/** An event encoded once, to be written to any number of connections of the main namespace. */
public final class OutboundEvent {
    private final List<Frame> frames;

    private OutboundEvent(List<Frame> frames) {
        this.frames = frames;
    }

    public static OutboundEvent of(ServerEvent event) {
        return of("[\"", event.eventName(), "\",", Json.text(event), "]");
    }

    /** From a JSON array, in parts: the name, then the arguments. */
    public static OutboundEvent of(String... json) {
        return new OutboundEvent(SocketPacket.event(TransportConfig.MAIN_NAMESPACE, List.of(), json));
    }

    /** For a connection of any namespace, with attachments for the placeholders in the JSON. */
    public static OutboundEvent of(Connection connection, String json, List<byte[]> attachments) {
        return new OutboundEvent(SocketPacket.event(connection.namespace(), attachments, json));
    }

    List<Frame> frames() {
        return frames;
    }
}
