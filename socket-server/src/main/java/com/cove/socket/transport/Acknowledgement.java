package com.cove.socket.transport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The callback of one received event. May be answered once, from any thread, also after the connection ended. */
public final class Acknowledgement {
    private final Connection connection;
    private final @Nullable String id;

    Acknowledgement(Connection connection, @Nullable String id) {
        this.connection = connection;
        this.id = id;
    }

    /** False if the client gave no callback. */
    public boolean requested() {
        return id != null;
    }

    /** Answers with one argument, JSON text in parts. Does nothing where no answer was asked for. */
    public void answer(String... json) {
        answer(List.of(), json);
    }

    /** Answers with one argument that holds placeholders for the attachments. */
    public void answer(List<byte[]> attachments, String... json) {
        if (id != null) {
            connection.write(SocketPacket.acknowledgement(connection.namespace(), id, attachments, json));
        }
    }
}
