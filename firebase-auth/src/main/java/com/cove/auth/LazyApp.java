package com.cove.auth;

import com.google.firebase.FirebaseApp;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An app of the Firebase SDK that is opened when first asked for: it takes a tenth of a second of a start, in which nobody needs it.
 * Thread-safe.
 */
public final class LazyApp implements AutoCloseable {
    private final Supplier<FirebaseApp> opening;
    private final Consumer<FirebaseApp> closing;
    private @Nullable FirebaseApp app;
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param closing deletes it, and what it leaves open
     */
    public LazyApp(Supplier<FirebaseApp> opening, Consumer<FirebaseApp> closing) {
        this.opening = opening;
        this.closing = closing;
    }

    /**
     * The app, the same each time.
     *
     * @throws RejectedExecutionException once closed
     */
    public synchronized FirebaseApp get() {
        if (closed) {
            throw new RejectedExecutionException("closed");
        }
        FirebaseApp opened = app == null ? opening.get() : app;
        app = opened;
        return opened;
    }

    @Override
    public synchronized void close() {
        if (app != null && !closed) {
            closing.accept(app);
        }
        closed = true;
    }
}
