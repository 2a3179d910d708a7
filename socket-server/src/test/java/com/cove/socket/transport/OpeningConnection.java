package com.cove.socket.transport;

import java.lang.reflect.Field;
import java.util.List;

/** A connection that is never opened, and keeps what is sent to it. */
public final class OpeningConnection {
    private OpeningConnection() {}

    /** One without a session, which nothing asks for before it opens. */
    @SuppressWarnings("NullAway")
    public static Connection create() {
        return new Connection(null, TransportConfig.MAIN_NAMESPACE, "an id");
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
