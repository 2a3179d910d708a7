package com.cove.api;

import com.cove.api.http.Rehearsal;
import java.security.Security;
import java.time.Clock;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * What is done before Lambda takes a snapshot of this JVM, and in each copy of it that starts from there (SnapStart). Before:
 * a rehearsal of every endpoint, so that copies have all classes and Google's keys; then all connections are closed, since
 * copies would share them, and what was learnt of the socket server is forgotten. After: the database is connected to, and Google's
 * keys are looked for where those of the snapshot have grown old, beside the first request and not before it. What else copies have in common is harmless: ids, nonces and pauses come from the
 * system's random source, times from its clock, and keys have an end by it.
 */
final class Snapshot implements Resource {
    private final ApiServices services;
    private final Rehearsal rehearsal;

    private Snapshot(ApiServices services, Rehearsal rehearsal) {
        this.services = services;
        this.rehearsal = rehearsal;
    }

    /** The caller keeps it: the context that calls it does not. */
    static Snapshot prepare(ApiServices services, String projectId, Clock clock) {
        // Before anything is resolved. A copy must not believe addresses of the time of the snapshot.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Snapshot snapshot = new Snapshot(services, new Rehearsal(services, projectId, clock));
        Core.getGlobalContext().register(snapshot);
        return snapshot;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        rehearsal.run(ApiRoutes.handlers(services).values());
        services.hook().disconnect();
        services.database().disconnect();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        services.database().connect();
        Thread.ofVirtual().name("keys").start(rehearsal::renewKeys);
    }
}
