package com.cove.socket.transport;

import com.cove.model.event.ServerEvent;
import com.cove.model.json.Json;
import java.util.List;

/**
 * An event encoded once, to be written to any number of connections of the main namespace. One that was opened by
 * {@link #shared} shares a buffer among them until it is closed; others need no closing.
 */
public final class OutboundEvent implements AutoCloseable {
    private final List<Frame> frames;

    private OutboundEvent(List<Frame> frames) {
        this.frames = frames;
    }

    public static OutboundEvent of(ServerEvent event) {
        return of(json(event));
    }

    private static String json(ServerEvent event) {
        return "[\"" + event.eventName() + "\"," + Json.text(event) + "]";
    }

    /** For many connections at once; to be closed when it was sent to the last. */
    public static OutboundEvent shared(ServerEvent event) {
        return shared(json(event));
    }

    static OutboundEvent shared(String json) {
        OutboundEvent shared = of(json);
        shared.frames.forEach(Frame::share);
        return shared;
    }

    /** From a JSON array: the name, then the arguments. */
    public static OutboundEvent of(String json) {
        return new OutboundEvent(SocketPacket.event(TransportConfig.MAIN_NAMESPACE, json, List.of()));
    }

    /** For a connection of any namespace, with attachments for the placeholders in the JSON. */
    public static OutboundEvent of(Connection connection, String json, List<byte[]> attachments) {
        return new OutboundEvent(SocketPacket.event(connection.namespace(), json, attachments));
    }

    @Override
    public void close() {
        frames.forEach(Frame::unshare);
    }

    List<Frame> frames() {
        return frames;
    }
}
