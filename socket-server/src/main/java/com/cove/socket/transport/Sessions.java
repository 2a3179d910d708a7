package com.cove.socket.transport;

import com.cove.socket.limit.LimitsConfig;
import com.cove.socket.limit.RateLimiter;
import com.cove.socket.limit.Seats;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The open sessions by id, and how many each address may have. */
final class Sessions {
    private final Map<UUID, EngineSession> byId = new ConcurrentHashMap<>();
    /** Connections that are bringing a body for a session. */
    private final Map<EngineSession, Channel> bodies = new ConcurrentHashMap<>();

    private final RateLimiter<InetAddress> handshakes;
    private final Seats<InetAddress> seats;
    private volatile boolean draining;

    Sessions(LimitsConfig limits) {
        this.handshakes = new RateLimiter<>(limits.handshakes());
        this.seats = new Seats<>(limits.sessionsPerAddress());
    }

    boolean draining() {
        return draining;
    }

    /** Whether another session of this address may begin; if so, it is to be added. */
    Optional<EngineError> admit(InetAddress client) {
        if (draining) {
            return Optional.of(EngineError.DRAINING);
        }
        if (handshakes.waitFor(client).isPresent()) {
            return Optional.of(EngineError.TOO_MANY_HANDSHAKES);
        }
        return seats.take(client) ? Optional.empty() : Optional.of(EngineError.TOO_MANY_SESSIONS);
    }

    /** One that was admitted just before {@link #drain} may be too late to be told to finish: it ends here. */
    void add(EngineSession session) {
        byId.put(session.id(), session);
        if (draining) {
            session.closeSoon(CloseReason.SHUTDOWN);
        }
    }

    void remove(EngineSession session) {
        if (byId.remove(session.id(), session)) {
            seats.leave(session.address());
        }
        Channel body = bodies.remove(session);
        if (body != null) {
            body.close();
        }
        if (draining && byId.isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** False if the session is over, or another body for it under way. One that began ends with its session at the latest. */
    boolean beginBody(EngineSession session, Channel channel) {
        if (bodies.putIfAbsent(session, channel) != null) {
            return false;
        }
        if (!byId.containsKey(session.id())) {
            endBody(session, channel);
            return false;
        }
        return true;
    }

    void endBody(EngineSession session, Channel channel) {
        bodies.remove(session, channel);
    }

    /** From now on none begins. */
    void drain() {
        draining = true;
    }

    /** Waits until none is open, at most this long. */
    synchronized void awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); left > 0 && !byId.isEmpty(); left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** One that is not over: its client may know of the end before it is removed here. */
    Optional<EngineSession> find(UUID id) {
        return Optional.ofNullable(byId.get(id)).filter(session -> !session.isClosed());
    }

    Collection<EngineSession> all() {
        return byId.values();
    }
}
