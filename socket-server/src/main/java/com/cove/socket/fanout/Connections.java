package com.cove.socket.fanout;

import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.transport.Connection;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The verified connections of this node, by user. */
public final class Connections implements ConnectionObserver {
    private final Map<UserId, Set<Connection>> byUser = new ConcurrentHashMap<>();

    @Override
    public void connected(Connection connection) {
        byUser.compute(connection.user(), (_, known) -> {
            Set<Connection> connections = known == null ? ConcurrentHashMap.newKeySet(2) : known;
            connections.add(connection);
            return connections;
        });
    }

    @Override
    public void disconnected(Connection connection) {
        byUser.computeIfPresent(connection.user(), (_, connections) -> {
            connections.remove(connection);
            return connections.isEmpty() ? null : connections;
        });
    }

    /** The user's connections here; a live view. */
    public Collection<Connection> of(UserId user) {
        return byUser.getOrDefault(user, Set.of());
    }

    /** The users with a connection here, as of now. */
    public Set<UserId> online() {
        return Set.copyOf(byUser.keySet());
    }

    /** How many users have a connection here. */
    public int users() {
        return byUser.size();
    }
}
