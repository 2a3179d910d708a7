package com.cove.socket.fanout;

import com.cove.model.user.UserId;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.Connection;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The verified connections of this node, by user. */
public final class Connections {
    private final Map<UserId, Map<Connection, Receiver>> byUser = new ConcurrentHashMap<>();

    void add(Receiver receiver) {
        byUser.compute(receiver.connection().user(), (_, known) -> {
            Map<Connection, Receiver> receivers = known == null ? new ConcurrentHashMap<>(2) : known;
            receivers.put(receiver.connection(), receiver);
            return receivers;
        });
    }

    void remove(Connection connection) {
        byUser.computeIfPresent(connection.user(), (_, receivers) -> {
            receivers.remove(connection);
            return receivers.isEmpty() ? null : receivers;
        });
    }

    Collection<Receiver> receivers(UserId user) {
        return byUser.getOrDefault(user, Map.of()).values();
    }

    /** The user's connections here; a live view. */
    public Collection<Connection> of(UserId user) {
        return byUser.getOrDefault(user, Map.of()).keySet();
    }

    /** The users with a connection here, as of now. */
    public Set<UserId> online() {
        return Set.copyOf(byUser.keySet());
    }

    /** How many users have a connection here. */
    public int users() {
        return byUser.size();
    }

    void closeAll(CloseReason reason) {
        byUser.values().forEach(receivers -> receivers.keySet().forEach(connection -> connection.close(reason)));
    }
}
