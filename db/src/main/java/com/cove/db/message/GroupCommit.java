package com.cove.db.message;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.SendMessage;
import com.cove.model.user.UserId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends of many callers, committed together: what arrives while a transaction is under way goes into the next. A send that finds
 * none under way is committed at once, on the thread of its caller. One transaction follows the other; only where the newest is slow
 * another begins beside it. No two of this program want the same thread, whose sends keep their order.
 */
public final class GroupCommit {
    private static final int MAX_BATCH = 256;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final BatchCommit batches;
    private final Executor executor;
    private final Later later;
    private final Limits limits;
    private final LongSupplier clock;
    // --- guarded by this ---
    private final WaitingSends waiting = new WaitingSends();
    /** In the order in which they began. While there is none, nobody waits. */
    private final Deque<Batch> underWay = new ArrayDeque<>();
    /** True while a look is to come: always while somebody waits. */
    private boolean looking;

    /** Runs something once, about so much later. It waits for nothing and takes no time. */
    @FunctionalInterface
    public interface Later {
        void run(Runnable task, Duration delay);
    }

    /**
     * What is allowed.
     *
     * @param transactions at a time; fewer than the pool has connections
     * @param slow so long a transaction has its time to itself: longer, and it is large, or waits for a lock or for a database far away
     * @param capacity sends that may wait; more are {@code rate_limited}
     * @param patience how long one may wait for its turn; longer is {@code unavailable}
     */
    public record Limits(int transactions, Duration slow, int capacity, Duration patience) {}

    /** Sends that share a transaction. */
    private record Batch(List<WaitingSend> sends, long began) {
        boolean isOnly(WaitingSend send) {
            return sends.size() == 1 && sends.getFirst() == send;
        }
    }

    /**
     * For one program.
     *
     * @param executor of threads that may block, for as many tasks at a time as transactions
     */
    public GroupCommit(MessageStore store, Executor executor, Later later, Limits limits) {
        this(store, executor, later, limits, System::nanoTime);
    }

    GroupCommit(MessageStore store, Executor executor, Later later, Limits limits, LongSupplier clock) {
        this.batches = new BatchCommit(store, clock);
        this.executor = executor;
        this.later = later;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * As {@link MessageStore#send}; besides {@code rate_limited} where too many wait already. Who is interrupted while waiting for a
     * turn gives it up; a transaction under way is waited for.
     */
    public SendOutcome send(UserId sender, SendMessage request) {
        WaitingSend send = new WaitingSend(
                new Send(sender, request), clock.getAsLong() + limits.patience().toNanos());
        Batch batch = enter(send);
        if (batch != null && batch.isOnly(send)) {
            commit(batch);
        } else {
            begin(batch);
        }
        try {
            return send.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (withdraw(send)) {
                throw WaitingSend.tooLate();
            }
            return send.awaitUninterrupted();
        }
    }

    /** Sends that wait for their turn now. */
    public synchronized int waiting() {
        return waiting.size();
    }

    private synchronized @Nullable Batch enter(WaitingSend send) {
        if (waiting.size() >= limits.capacity()) {
            throw AppException.rateLimited("Too many messages are waiting", RETRY_AFTER);
        }
        if (!underWay.isEmpty()) {
            lookLater();
        }
        waiting.add(send);
        return next();
    }

    private synchronized boolean withdraw(WaitingSend send) {
        return waiting.remove(send);
    }

    /** The batch that is to begin now; null where none is. */
    private @Nullable Batch next() {
        if (!underWay.isEmpty() && (underWay.size() == limits.transactions() || untilSlow() > 0)) {
            return null;
        }
        List<WaitingSend> sends = waiting.take(MAX_BATCH);
        if (sends.isEmpty()) {
            return null;
        }
        Batch batch = new Batch(sends, clock.getAsLong());
        underWay.add(batch);
        return batch;
    }

    /** Nanoseconds until the newest transaction is slow. */
    private long untilSlow() {
        return underWay.getLast().began() + limits.slow().toNanos() - clock.getAsLong();
    }

    private void begin(@Nullable Batch batch) {
        if (batch == null) {
            return;
        }
        try {
            executor.execute(() -> commit(batch));
        } catch (RuntimeException | Error e) {
            abandon(batch, e);
        }
    }

    /**
     * One transaction. The next begins before anybody is told of this one: whoever is told has work to do, and on a busy core
     * the database would wait until all of it is done.
     */
    private void commit(Batch batch) {
        boolean succeeded = false;
        try {
            succeeded = batches.commit(batch.sends());
        } finally {
            begin(end(batch, succeeded));
            batch.sends().forEach(WaitingSend::tell);
        }
    }

    private synchronized @Nullable Batch end(Batch batch, boolean succeeded) {
        underWay.remove(batch);
        waiting.release(batch.sends(), succeeded);
        return next();
    }

    /** No thread is to be had, as when the program stops: the turn of those who wait would never come. */
    private void abandon(Batch batch, Throwable why) {
        AppException refusal = new AppException(ErrorCode.UNAVAILABLE, "The message could not be stored", why);
        Stream.concat(batch.sends().stream(), allBehind(batch).stream()).forEach(send -> refuse(send, refusal));
    }

    private synchronized List<WaitingSend> allBehind(Batch batch) {
        underWay.remove(batch);
        List<WaitingSend> all = waiting.removeWhile(_ -> true);
        waiting.release(batch.sends(), true);
        return all;
    }

    /** One look for all: while somebody waits, when the newest transaction would be slow, and from then on every so often. */
    private void lookLater() {
        if (!looking) {
            long untilSlow = untilSlow();
            later.run(this::look, untilSlow > 0 ? Duration.ofNanos(untilSlow) : limits.slow());
            looking = true;
        }
    }

    /** What happens although nobody sends and no transaction ends: waiting becomes too long, and a transaction slow. */
    private void look() {
        late().forEach(send -> refuse(send, WaitingSend.tooLate()));
        begin(nextBesideSlow());
    }

    private synchronized List<WaitingSend> late() {
        long now = clock.getAsLong();
        return waiting.removeWhile(send -> send.isLate(now));
    }

    private synchronized @Nullable Batch nextBesideSlow() {
        looking = false;
        if (waiting.size() > 0) {
            lookLater();
        }
        return next();
    }

    private static void refuse(WaitingSend send, AppException why) {
        send.refuse(why);
        send.tell();
    }
}
