package com.cove.socket.fanout;

import com.cove.model.user.UserId;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The verified connections of this node, by user. */
public final class Connections {
    /** Lists never change: most users have one connection, and each message goes through those of all its recipients. */
    private final Map<UserId, List<Receiver>> byUser = new ConcurrentHashMap<>();

    void add(Receiver receiver) {
        byUser.merge(
                receiver.connection().user(),
                List.of(receiver),
                (known, added) -> Stream.concat(known.stream(), added.stream()).toList());
    }

    void remove(Connection connection) {
        byUser.computeIfPresent(connection.user(), (_, known) -> {
            List<Receiver> left = known.stream()
                    .filter(receiver -> !receiver.connection().equals(connection))
                    .toList();
            return left.isEmpty() ? null : left;
        });
    }

    List<Receiver> receivers(UserId user) {
        return byUser.getOrDefault(user, List.of());
    }

    /** Whether the user has a connection here. */
    public boolean isHere(UserId user) {
        return byUser.containsKey(user);
    }

    /** The user's connections here, as of now. */
    public List<Connection> of(UserId user) {
        List<Receiver> receivers = receivers(user);
        // The usual case, in which a stream would be most of what asking the clients costs.
        return receivers.size() == 1
                ? List.of(receivers.getFirst().connection())
                : receivers.stream().map(Receiver::connection).toList();
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
        byUser.values()
                .forEach(receivers ->
                        receivers.forEach(receiver -> receiver.connection().close(reason)));
    }
}
