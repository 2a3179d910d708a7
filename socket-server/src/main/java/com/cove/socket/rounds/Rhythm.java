package com.cove.socket.rounds;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * When a thread that works in rounds begins the next one: once it is woken, or after a while, but not sooner than its pace after the
 * last one, so that much is done together. Where nothing happens, it wakes the processor once for each while.
 */
public final class Rhythm {
    private final Duration pace;
    private final Semaphore woken = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);

    public Rhythm(Duration pace) {
        this.pace = pace;
    }

    /** There is something to do. From any thread. */
    public void wake() {
        woken.release();
    }

    /** There are to be no more rounds. */
    public void close() {
        closed.countDown();
        wake();
    }

    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /**
     * For the thread that works: waits until it is woken, or for so long, and in any case until its pace is kept. Whatever was there when
     * it was woken, is there for the round that follows.
     *
     * @return false once closed. It waits even then, for whoever awaits what is under way, but keeps no pace.
     */
    public boolean next(Duration idle) throws InterruptedException {
        long ended = System.nanoTime();
        boolean _ = woken.tryAcquire(idle.toNanos(), TimeUnit.NANOSECONDS);
        boolean _ = closed.await(pace.toNanos() - (System.nanoTime() - ended), TimeUnit.NANOSECONDS);
        woken.drainPermits();
        // After that: what woke it may have been the end.
        return !isClosed();
    }
}
