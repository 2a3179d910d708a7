package com.cove.socket.transport;

import com.cove.auth.VerifiedToken;
import java.lang.reflect.Field;
import java.util.List;

/** A connection that is never opened, and keeps what is sent to it. */
public final class OpeningConnection {
    private OpeningConnection() {}

    /** Of this user; without a session, which nothing asks for before it opens. */
    @SuppressWarnings("NullAway")
    public static Connection of(VerifiedToken token) {
        Connection connection = new Connection(null, TransportConfig.MAIN_NAMESPACE, "an id");
        try {
            Field field = Connection.class.getDeclaredField("token");
            field.setAccessible(true);
            field.set(connection, token);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return connection;
    }

    /**
     * An event that its client sent, and wants no answer to.
     *
     * @param start where its JSON begins
     */
    public static InboundEvent event(Connection connection, String packet, int start) {
        return new InboundEvent(packet, start, List.of(), new Acknowledgement(connection, null));
    }

    /** How many frames were sent to it. */
    public static int sent(Connection connection) {
        try {
            Field held = Connection.class.getDeclaredField("held");
            held.setAccessible(true);
            return ((List<?>) held.get(connection)).size();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
