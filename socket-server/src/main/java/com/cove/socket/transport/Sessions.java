package com.cove.socket.transport;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The open sessions by id. */
final class Sessions {
    private final Map<UUID, EngineSession> byId = new ConcurrentHashMap<>();

    void add(EngineSession session) {
        byId.put(session.id(), session);
    }

    void remove(EngineSession session) {
        byId.remove(session.id());
    }

    Optional<EngineSession> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<EngineSession> all() {
        return byId.values();
    }
}
