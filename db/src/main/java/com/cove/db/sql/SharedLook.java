package com.cove.db.sql;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One look at the database for all who ask at the same time. Each gets what a look that began after they asked has found, or the
 * exception that it ended with; whoever asks while nobody else does looks at once.
 */
public final class SharedLook<T> {
    private final Supplier<T> look;
    private final Lock looking = new ReentrantLock();
    /** The round that has not begun. */
    private volatile Round<T> next = new Round<>();

    /** @param look may take as long as it needs to: the others wait */
    public SharedLook(Supplier<T> look) {
        this.look = look;
    }

    private static final class Round<T> {
        /** What everybody in it gets; set once, by whoever looked. */
        private @Nullable Supplier<T> outcome;
    }

    /** What is there now. */
    public T get() {
        Round<T> mine = next;
        looking.lock();
        try {
            if (mine.outcome == null) {
                next = new Round<>();
                mine.outcome = looked();
            }
            return mine.outcome.get();
        } finally {
            looking.unlock();
        }
    }

    private Supplier<T> looked() {
        try {
            T found = look.get();
            return () -> found;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }
}
