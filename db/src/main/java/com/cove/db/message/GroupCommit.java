package com.cove.db.message;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Sends of many callers, committed together: what arrives while a transaction is under way goes into the next. A send that
 * is alone is committed at once, on the thread of its caller. Threads are spread over lanes, and those of a lane take turns,
 * so that the sends of a thread keep their order and no two transactions of this program want the same thread.
 */
public final class GroupCommit {
    private static final int MAX_BATCH = 256;
    /** Threads known to be failing in a lane; who is forgotten joins the others for one transaction more. */
    private static final int MAX_FAILING = 4_096;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final MessageStore store;
    private final Executor executor;
    private final int capacity;
    private final long patienceNanos;
    private final List<Lane> lanes;

    /**
     * For one program.
     *
     * @param executor of threads that may block, for as many tasks at a time as there are lanes
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
        Waiting waiting = new Waiting(new Send(sender, request));
        Lane lane = lanes.get(Math.floorMod(request.threadId().hashCode(), lanes.size()));
        lane.add(waiting);
        try {
            if (!waiting.settledWithin(patienceNanos) && lane.withdraw(waiting)) {
                throw tooLate();
            }
            return waiting.outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Sends that wait for their turn now. */
    public int waiting() {
        return lanes.stream().mapToInt(Lane::waiting).sum();
    }

    /** One object for each, whatever is in it: a record would take two alike for one. */
    private static final class Waiting {
        private final Send send;
        private final long since = System.nanoTime();
        private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();

        Waiting(Send send) {
            this.send = send;
        }

        ThreadId thread() {
            return send.request().threadId();
        }

        boolean settledWithin(long nanos) {
            try {
                outcome.get(nanos, TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        void settle(SendResult result) {
            switch (result) {
                case SendResult.Committed committed -> outcome.complete(committed.outcome());
                case SendResult.Refused refused -> outcome.completeExceptionally(refused.why());
            }
        }
    }

    private final class Lane {
        private final Queue<Waiting> queue = new ArrayDeque<>();
        /** Until a transaction of theirs succeeds they are committed apart: what ails one thread must not fail the others. */
        private final Set<ThreadId> failing = new HashSet<>();

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

        /**
         * One transaction. The next begins before anybody is told of this one: whoever is told has work to do, and on a busy core
         * the database would wait until all of it is done.
         */
        private void commitNext() {
            List<Runnable> news = List.of();
            try {
                List<Waiting> batch = nextBatch();
                news = new ArrayList<>(batch.size());
                note(batch, commit(batch, news));
            } finally {
                try {
                    if (hasMore()) {
                        executor.execute(this::commitNext);
                    }
                } finally {
                    news.forEach(Runnable::run);
                }
            }
        }

        private synchronized List<Waiting> nextBatch() {
            List<Waiting> batch = new ArrayList<>(Math.min(queue.size(), MAX_BATCH));
            if (queue.isEmpty()) {
                return batch;
            }
            ThreadId first = queue.element().thread();
            boolean apart = failing.contains(first);
            Iterator<Waiting> waiting = queue.iterator();
            while (waiting.hasNext() && batch.size() < MAX_BATCH) {
                Waiting next = waiting.next();
                if (apart ? next.thread().equals(first) : !failing.contains(next.thread())) {
                    batch.add(next);
                    waiting.remove();
                }
            }
            return batch;
        }

        private synchronized void note(List<Waiting> batch, boolean succeeded) {
            if (!succeeded && failing.size() > MAX_FAILING) {
                failing.clear();
            }
            for (Waiting each : batch) {
                if (succeeded) {
                    failing.remove(each.thread());
                } else {
                    failing.add(each.thread());
                }
            }
        }

        /** True where it had not had its turn: then it never will. */
        private synchronized boolean withdraw(Waiting send) {
            return queue.remove(send);
        }

        private synchronized int waiting() {
            return queue.size();
        }

        private synchronized boolean hasMore() {
            committing = !queue.isEmpty();
            return committing;
        }
    }

    /**
     * Stores them.
     *
     * @param news gets what tells each of them
     * @return false where the database failed them all
     */
    private boolean commit(List<Waiting> batch, List<Runnable> news) {
        List<Waiting> inTime =
                batch.stream().filter(waiting -> inTime(waiting, news)).toList();
        if (inTime.isEmpty()) {
            return true;
        }
        try {
            List<SendResult> results =
                    store.sendAll(inTime.stream().map(waiting -> waiting.send).toList());
            IntStream.range(0, results.size())
                    .forEach(i -> news.add(() -> inTime.get(i).settle(results.get(i))));
            return true;
        } catch (AppException e) {
            inTime.forEach(waiting -> news.add(() -> waiting.outcome.completeExceptionally(e)));
            return false;
        } catch (RuntimeException | Error e) {
            apart(inTime, e, news);
            return true;
        }
    }

    private boolean inTime(Waiting waiting, List<Runnable> news) {
        boolean inTime = System.nanoTime() - waiting.since < patienceNanos;
        if (!inTime) {
            news.add(() -> waiting.outcome.completeExceptionally(tooLate()));
        }
        return inTime;
    }

    private static AppException tooLate() {
        return new AppException(ErrorCode.UNAVAILABLE, "The message could not be stored in time");
    }

    /** Something is wrong with one of them: nothing was stored, and each is tried by itself. */
    private void apart(List<Waiting> batch, Throwable fault, List<Runnable> news) {
        if (batch.size() == 1) {
            news.add(() -> batch.getFirst().outcome.completeExceptionally(fault));
        } else {
            // They take a transaction each: nobody waits to be told until the last of them is over.
            for (Waiting waiting : batch) {
                List<Runnable> own = new ArrayList<>(1);
                commit(List.of(waiting), own);
                own.forEach(Runnable::run);
            }
        }
    }
}
