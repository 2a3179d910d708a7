package com.cove.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, closed in reverse; each once, and one that fails to close keeps no other open. */
final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public synchronized void close() {
        RuntimeException failure = new IllegalStateException("not everything could be closed");
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
