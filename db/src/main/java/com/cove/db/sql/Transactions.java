package com.cove.db.sql;

import com.cove.db.schema.SchemaGate;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Runs a use case as one transaction. A deadlock or serialization failure is repeated, since the whole use case can be;
 * every other failure of PostgreSQL leaves as {@link Failures} translates it. An exception of the use case rolls back.
 */
public final class Transactions {
    private static final int ATTEMPTS = 3;
    private static final long PAUSE_NANOS = 20_000_000;

    private final Jdbi jdbi;
    private final SchemaGate schema;
    private volatile @Nullable Long lackedSpaceNanos;

    public Transactions(Jdbi jdbi) {
        this(jdbi, new SchemaGate(jdbi, InstantSource.system()));
    }

    /** @param schema passed before each use case */
    public Transactions(Jdbi jdbi, SchemaGate schema) {
        this.jdbi = jdbi;
        this.schema = schema;
    }

    /** READ COMMITTED: each statement sees what was committed before it, which the locks taken here rely on. */
    public <T> T run(Function<Handle, T> work) {
        return repeated(() -> jdbi.inTransaction(work::apply));
    }

    /** Each statement on its own, without the round trip of a COMMIT: for use cases of one, or where each may see more than the one before. */
    public <T> T single(Function<Handle, T> work) {
        return repeated(() -> jdbi.withHandle(work::apply));
    }

    /** As {@link #single}; empty also where it would have broken this unique constraint: then nothing of it is stored. */
    public <T> Optional<T> singleUnlessTaken(String constraint, Function<Handle, Optional<T>> work) {
        try {
            return single(work);
        } catch (RuntimeException e) {
            if (Failures.breaks(constraint, e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Read only, and every statement sees the same snapshot: what a cursor and the rows beside it must share. */
    public <T> T snapshot(Function<Handle, T> work) {
        return repeated(() -> jdbi.inTransaction(handle -> {
            // In the transaction itself: two round trips less than changing the session and changing it back.
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return work.apply(handle);
        }));
    }

    /** True where a use case failed this recently because PostgreSQL had no room on its disk. */
    public boolean lackedSpace(Duration recently) {
        Long last = lackedSpaceNanos;
        return last != null && System.nanoTime() - last < recently.toNanos();
    }

    /** For a moment nobody can foresee: of two that repeat at once, one could take the other's lock again and again. */
    private static void stepAside(int attempt) {
        LockSupport.parkNanos(Chance.RANDOM.nextLong(attempt * PAUSE_NANOS));
    }

    /** Apart, as it is hardly ever needed. */
    private static final class Chance {
        /** The system's: others begin alike in all processes that were restored from one snapshot. */
        static final SecureRandom RANDOM = new SecureRandom();
    }

    private <T> T repeated(Supplier<T> transaction) {
        for (int attempt = 1; ; attempt++) {
            try {
                schema.pass();
                return transaction.get();
            } catch (RuntimeException e) {
                if (Failures.diskFull(e)) {
                    lackedSpaceNanos = System.nanoTime();
                }
                if (attempt == ATTEMPTS || !Failures.repeatable(e)) {
                    throw Failures.translated(e);
                }
                stepAside(attempt);
            }
        }
    }
}
