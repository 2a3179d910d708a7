package com.cove.socket.transport;

import com.cove.auth.VerifiedToken;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client in a namespace, from the verification of its token to its end. Thread-safe. */
public final class Connection {
    /** The payload of the reply to CONNECT. */
    private record Reply(
            String sid,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String pid) {}

    private enum State {
        OPENING,
        OPEN,
        CLOSED
    }

    private final EngineSession session;
    private final String namespace;
    private final String id;
    private final long since = System.currentTimeMillis();
    private final Object lock = new Object();
    private final List<Frame> held = new ArrayList<>(2);
    private State state = State.OPENING;
    private boolean announced;
    private @Nullable FormerState formerState;
    private @Nullable String pid;
    /** Set before the listener, or anybody who learnt of the connection from it, sees it. */
    private volatile @Nullable VerifiedToken token;

    Connection(EngineSession session, String namespace, String id) {
        this.session = session;
        this.namespace = namespace;
        this.id = id;
    }

    /** The client's {@code socket.id}; says nothing about the Engine.IO session, whose id is a secret. */
    public String id() {
        return id;
    }

    /** When it began, in milliseconds since the epoch by this node's clock. */
    public long since() {
        return since;
    }

    public String namespace() {
        return namespace;
    }

    /** What the client says of an earlier connection; while this one begins. */
    public Optional<FormerState> formerState() {
        return Optional.ofNullable(formerState);
    }

    /**
     * Names the client's state, while the connection begins: the reply to its CONNECT carries this {@code pid}. To a client that
     * has the same one already, it says that nothing was missed.
     */
    public void nameState(String name) {
        pid = name;
    }

    public UserId user() {
        return token().userId();
    }

    /** The token the connection rests on now. */
    public VerifiedToken token() {
        VerifiedToken verified = token;
        if (verified == null) {
            throw new IllegalStateException("not verified yet");
        }
        return verified;
    }

    /** Rests the connection on a fresh token of the same user. */
    public void refresh(VerifiedToken fresh) {
        if (!fresh.userId().equals(user())) {
            throw new IllegalArgumentException("a connection never changes its user");
        }
        token = fresh;
    }

    void verified(VerifiedToken first, Optional<FormerState> former) {
        token = first;
        formerState = former.orElse(null);
        session.trust();
    }

    /** {@code websocket} or {@code polling}. */
    public String transport() {
        return session.onWebSocket() ? "websocket" : "polling";
    }

    /** Sends an event; it is dropped if the connection has ended. Order is kept per calling thread. */
    public void send(OutboundEvent event) {
        write(event.frames());
    }

    /**
     * Asks the client whether all that was sent to it so far has arrived.
     *
     * @param arrived run once, if the answer comes while the connection is open; on an event loop, so it must not block
     * @return false where nothing is asked: before the reply to CONNECT, while an earlier question is open, and after the end
     */
    public boolean confirm(Runnable arrived) {
        synchronized (lock) {
            return state == State.OPEN
                    && session.confirm(() -> {
                        if (isOpen()) {
                            arrived.run();
                        }
                    });
        }
    }

    /** Closes the transport: the client reconnects by itself. */
    public void close(CloseReason reason) {
        session.close(reason);
    }

    void write(List<Frame> frames) {
        write(frames, Outlet::wake);
    }

    /** @param wake tells a websocket that something waits */
    void write(List<Frame> frames, Consumer<Outlet> wake) {
        synchronized (lock) {
            if (state == State.OPEN) {
                session.send(frames, wake);
            } else if (state == State.OPENING) {
                held.addAll(frames);
            }
        }
    }

    /** Sends the reply to CONNECT, then what was held until then; false if the connection ended before. */
    boolean open() {
        Frame reply = SocketPacket.connectReply(namespace, Json.text(new Reply(id, pid)));
        formerState = null;
        pid = null;
        synchronized (lock) {
            if (state != State.OPENING) {
                return false;
            }
            state = State.OPEN;
            session.send(reply);
            session.send(held);
            held.clear();
            return true;
        }
    }

    boolean isOpen() {
        synchronized (lock) {
            return state == State.OPEN;
        }
    }

    /** The listener was told of this connection and has to be told of its end. On the session's virtual thread. */
    void announced() {
        announced = true;
    }

    boolean isAnnounced() {
        return announced;
    }

    void end() {
        synchronized (lock) {
            state = State.CLOSED;
            held.clear();
        }
    }
}
