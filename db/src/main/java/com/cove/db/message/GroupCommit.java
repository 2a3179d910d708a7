package com.cove.db.message;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.SendMessage;
import com.cove.model.user.UserId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * Sends of many callers, committed together: what arrives while a transaction is under way goes into the next. A send that
 * is alone is committed at once, on the thread of its caller. Threads are spread over lanes, and those of a lane take turns,
 * so that the sends of a thread keep their order and no two transactions of this program want the same thread.
 */
public final class GroupCommit {
    private static final int MAX_BATCH = 256;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final MessageStore store;
    private final Executor executor;
    private final int capacity;
    private final long patienceNanos;
    private final List<Lane> lanes;

    /**
     * For one program.
     *
     * @param executor of threads that may block
     * @param lanes transactions at a time; fewer than the pool has connections
     * @param capacity sends that may wait in a lane; more are {@code rate_limited}
     * @param patience how long one may wait for its turn; longer is {@code unavailable}
     */
    public GroupCommit(MessageStore store, Executor executor, int lanes, int capacity, Duration patience) {
        this.store = store;
        this.executor = executor;
        this.capacity = capacity;
        this.patienceNanos = patience.toNanos();
        this.lanes = IntStream.range(0, lanes).mapToObj(_ -> new Lane()).toList();
    }

    /** As {@link MessageStore#send}; besides {@code rate_limited} where too many wait already. */
    public SendOutcome send(UserId sender, SendMessage request) {
        Waiting waiting = new Waiting(new Send(sender, request), System.nanoTime(), new CompletableFuture<>());
        lanes.get(Math.floorMod(request.threadId().hashCode(), lanes.size())).add(waiting);
        try {
            return waiting.outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Sends that wait for their turn now. */
    public int waiting() {
        return lanes.stream().mapToInt(Lane::waiting).sum();
    }

    private record Waiting(Send send, long since, CompletableFuture<SendOutcome> outcome) {
        void settle(SendResult result) {
            switch (result) {
                case SendResult.Committed committed -> outcome.complete(committed.outcome());
                case SendResult.Refused refused -> outcome.completeExceptionally(refused.why());
            }
        }
    }

    private final class Lane {
        private final Queue<Waiting> queue = new ArrayDeque<>();
        private boolean committing;

        void add(Waiting send) {
            synchronized (this) {
                if (queue.size() >= capacity) {
                    throw AppException.rateLimited("Too many messages are waiting", RETRY_AFTER);
                }
                queue.add(send);
                if (committing) {
                    return;
                }
                committing = true;
            }
            commitNext();
        }

        /** One transaction; the next is another thread's to begin, because this one's own send is done. */
        private void commitNext() {
            try {
                commit(nextBatch());
            } finally {
                if (hasMore()) {
                    executor.execute(this::commitNext);
                }
            }
        }

        private synchronized List<Waiting> nextBatch() {
            List<Waiting> batch = new ArrayList<>(Math.min(queue.size(), MAX_BATCH));
            while (!queue.isEmpty() && batch.size() < MAX_BATCH) {
                batch.add(queue.remove());
            }
            return batch;
        }

        private synchronized int waiting() {
            return queue.size();
        }

        private synchronized boolean hasMore() {
            committing = !queue.isEmpty();
            return committing;
        }
    }

    private void commit(List<Waiting> batch) {
        List<Waiting> inTime = batch.stream().filter(this::inTime).toList();
        if (inTime.isEmpty()) {
            return;
        }
        try {
            List<SendResult> results =
                    store.sendAll(inTime.stream().map(Waiting::send).toList());
            IntStream.range(0, results.size()).forEach(i -> inTime.get(i).settle(results.get(i)));
        } catch (AppException e) {
            inTime.forEach(waiting -> waiting.outcome.completeExceptionally(e));
        } catch (RuntimeException | Error e) {
            apart(inTime, e);
        }
    }

    private boolean inTime(Waiting waiting) {
        boolean inTime = System.nanoTime() - waiting.since < patienceNanos;
        if (!inTime) {
            waiting.outcome.completeExceptionally(
                    new AppException(ErrorCode.UNAVAILABLE, "The message could not be stored in time"));
        }
        return inTime;
    }

    /** Something is wrong with one of them: nothing was stored, and each is tried by itself. */
    private void apart(List<Waiting> batch, Throwable fault) {
        if (batch.size() == 1) {
            batch.getFirst().outcome.completeExceptionally(fault);
        } else {
            batch.forEach(waiting -> commit(List.of(waiting)));
        }
    }
}
