package com.cove.db.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One look at the database for all who ask at the same time. Each gets what a look that began after they asked has found, or the
 * exception that it ended with; whoever asks while nobody else does looks at once.
 */
public final class SharedLook<Q, A> {
    private final Function<List<Q>, Function<Q, A>> look;
    private final Lock looking = new ReentrantLock();
    /** The round that has not begun. */
    private Round<Q, A> next = new Round<>();

    /** @param look gets what all who share it ask, and finds what answers each; may take as long as it needs to: the others wait */
    public SharedLook(Function<List<Q>, Function<Q, A>> look) {
        this.look = look;
    }

    /** A look for all whose question is the same. */
    public static <A> Supplier<A> of(Supplier<A> look) {
        SharedLook<Boolean, A> shared = new SharedLook<>(_ -> {
            A found = look.get();
            return _ -> found;
        });
        return () -> shared.get(true);
    }

    /** Those who share a look, and how it ended. */
    private record Round<Q, A>(List<Q> questions, CompletableFuture<Supplier<Function<Q, A>>> outcome) {
        Round() {
            this(new ArrayList<>(), new CompletableFuture<>());
        }
    }

    /** What answers it now. */
    public A get(Q question) {
        Round<Q, A> mine;
        boolean first;
        synchronized (this) {
            mine = next;
            first = mine.questions().isEmpty();
            mine.questions().add(question);
        }
        if (first) {
            begin(mine);
        }
        return mine.outcome().join().get().apply(question);
    }

    /** Waits for the look that is under way; until then others may join. */
    private void begin(Round<Q, A> round) {
        looking.lock();
        try {
            synchronized (this) {
                next = new Round<>();
            }
            round.outcome().complete(looked(round.questions()));
        } finally {
            looking.unlock();
        }
    }

    private Supplier<Function<Q, A>> looked(List<Q> questions) {
        try {
            Function<Q, A> answers = look.apply(questions);
            return () -> answers;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }
}
