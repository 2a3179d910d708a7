package com.cove.socket.transport;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The open sessions by id. */
final class Sessions {
    private final Map<UUID, EngineSession> byId = new ConcurrentHashMap<>();
    private volatile boolean draining;

    void add(EngineSession session) {
        byId.put(session.id(), session);
    }

    void remove(EngineSession session) {
        byId.remove(session.id());
        if (draining && byId.isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** From now on none begins. */
    void drain() {
        draining = true;
    }

    /** True once no session may begin any more. */
    boolean draining() {
        return draining;
    }

    /** Waits until none is open, at most this long. */
    synchronized void awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); left > 0 && !byId.isEmpty(); left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    Optional<EngineSession> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<EngineSession> all() {
        return byId.values();
    }
}
