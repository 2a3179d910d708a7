package com.cove.socket.transport;

import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Lets everybody in under the name that their {@code auth} is, and keeps who is there and who has left why. */
final class Room implements ConnectionListener {
    private final Map<String, Connection> members = new ConcurrentHashMap<>();
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();
    private final BiConsumer<Connection, InboundEvent> handler;
    private final Consumer<Connection> arrival;

    Room(BiConsumer<Connection, InboundEvent> handler) {
        this(handler, _ -> {});
    }

    /** @param arrival done with everybody who comes, before they are in */
    Room(BiConsumer<Connection, InboundEvent> handler, Consumer<Connection> arrival) {
        this.handler = handler;
        this.arrival = arrival;
    }

    Map<String, Connection> members() {
        return members;
    }

    /** Name and reason of each who left. */
    Queue<String> ends() {
        return ends;
    }

    @Override
    public VerifiedToken authenticate(ConnectRequest request) {
        return new VerifiedToken(new UserId(request.auth()), null, null, Instant.EPOCH, Instant.MAX);
    }

    @Override
    public void connected(Connection connection) {
        arrival.accept(connection);
        members.put(connection.user().value(), connection);
    }

    @Override
    public void received(Connection connection, InboundEvent event) {
        handler.accept(connection, event);
    }

    @Override
    public Optional<AppException> refusal(Connection connection) {
        return Optional.empty();
    }

    @Override
    public void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why) {
        acknowledgement.answer("\"" + why.code().wireName() + "\"");
    }

    @Override
    public void disconnected(Connection connection, CloseReason reason) {
        members.remove(connection.user().value());
        ends.add(connection.user().value() + " " + reason);
    }
}
