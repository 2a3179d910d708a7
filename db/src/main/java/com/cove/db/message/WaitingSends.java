package com.cove.db.message;

import com.cove.model.thread.ThreadId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends that wait for their turn, by thread: those of a thread in the order in which they came, and the threads in that in which they
 * became ready. A thread of which something was taken is not ready until that is released. For one thread of the system at a time.
 */
final class WaitingSends {
    /** Threads known to be failing; who is forgotten joins the others for one transaction more. */
    private static final int MAX_FAILING = 4_096;

    private final SequencedMap<ThreadId, Deque<WaitingSend>> ready = new LinkedHashMap<>();
    /** With what came since, or was too much for the batch. */
    private final Map<ThreadId, Deque<WaitingSend>> taken = new HashMap<>();
    /** Until a transaction of theirs succeeds they are taken apart: what ails one thread must not fail the others. */
    private final Set<ThreadId> failing = new HashSet<>();

    private int size;

    /** Those not taken. */
    int size() {
        return size;
    }

    void add(WaitingSend send) {
        Deque<WaitingSend> sends = of(send.thread());
        if (sends == null) {
            sends = new ArrayDeque<>(1);
            ready.put(send.thread(), sends);
        }
        sends.add(send);
        size++;
    }

    /**
     * The next ones, which share a transaction, until {@link #release}: of all ready threads in their order, or of one alone that is
     * known to be failing. Empty where no thread is ready.
     */
    List<WaitingSend> take(int most) {
        List<WaitingSend> batch = new ArrayList<>(Math.min(size, most));
        for (ThreadId thread : next(most)) {
            if (batch.size() == most) {
                break;
            }
            Deque<WaitingSend> sends = Objects.requireNonNull(ready.remove(thread));
            taken.put(thread, sends);
            while (!sends.isEmpty() && batch.size() < most) {
                batch.add(sends.remove());
            }
        }
        size -= batch.size();
        return batch;
    }

    private List<ThreadId> next(int most) {
        if (ready.isEmpty()) {
            return List.of();
        }
        ThreadId first = ready.firstEntry().getKey();
        return failing.contains(first)
                ? List.of(first)
                : ready.keySet().stream()
                        .filter(thread -> !failing.contains(thread))
                        .limit(most)
                        .toList();
    }

    /**
     * Their transaction is over: their threads are ready again, behind the others.
     *
     * @param succeeded false where the database failed them all
     */
    void release(List<WaitingSend> batch, boolean succeeded) {
        if (!succeeded && failing.size() > MAX_FAILING) {
            failing.clear();
        }
        for (WaitingSend each : batch) {
            if (succeeded) {
                failing.remove(each.thread());
            } else {
                failing.add(each.thread());
            }
            Deque<WaitingSend> rest = taken.remove(each.thread());
            if (rest != null && !rest.isEmpty()) {
                ready.put(each.thread(), rest);
            }
        }
    }

    /** True where it was not taken: then it never will be. */
    boolean remove(WaitingSend send) {
        Deque<WaitingSend> sends = of(send.thread());
        if (sends == null || !sends.remove(send)) {
            return false;
        }
        size--;
        if (sends.isEmpty()) {
            ready.remove(send.thread());
        }
        return true;
    }

    /** Those of each thread from its oldest on that are so; they will never be taken. */
    List<WaitingSend> removeWhile(Predicate<WaitingSend> so) {
        List<WaitingSend> removed = new ArrayList<>();
        for (var threads : List.of(ready.values(), taken.values())) {
            for (Deque<WaitingSend> sends : threads) {
                while (!sends.isEmpty() && so.test(sends.element())) {
                    removed.add(sends.remove());
                }
            }
        }
        if (!removed.isEmpty()) {
            ready.values().removeIf(Deque::isEmpty);
            size -= removed.size();
        }
        return removed;
    }

    private @Nullable Deque<WaitingSend> of(ThreadId thread) {
        Deque<WaitingSend> rest = taken.get(thread);
        return rest == null ? ready.get(thread) : rest;
    }
}
