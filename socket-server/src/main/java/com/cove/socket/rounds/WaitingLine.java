package com.cove.socket.rounds;

import java.util.Collection;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a thread that works. Any thread may add to it, those of event loops too: that takes no lock, unlike in the JDK's bounded
 * queues, where a loop would wait for a thread that holds it and has lost its processor.
 */
public final class WaitingLine<T> {
    private final LinkedTransferQueue<T> queue = new LinkedTransferQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Adds at the end; false where that would make more than {@code most}. */
    public boolean offer(T element, int most) {
        if (size.incrementAndGet() > most) {
            size.decrementAndGet();
            return false;
        }
        queue.add(element);
        return true;
    }

    /** The first; null where there is none. */
    public @Nullable T poll() {
        T first = queue.poll();
        if (first != null) {
            size.decrementAndGet();
        }
        return first;
    }

    /** The first, as soon as there is one. */
    public T take() throws InterruptedException {
        T first = queue.take();
        size.decrementAndGet();
        return first;
    }

    /** Moves the first ones, at most so many. */
    public void drainTo(Collection<? super T> target, int most) {
        size.addAndGet(-queue.drainTo(target, most));
    }
}
