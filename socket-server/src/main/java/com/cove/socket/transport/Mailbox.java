package com.cove.socket.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one session asked for and is not yet done, run one at a time in order on a virtual thread, which lives only while
 * there is something to do. Bounded by weight; the steps of its life always get in: SocketProtocol bounds how many there are.
 */
final class Mailbox {
    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private record Task(Runnable work, int weight) {}

    private final Executor executor;
    private final int capacity;
    private final Queue<Task> tasks = new ArrayDeque<>(2);
    private int weight;
    private boolean running;

    Mailbox(Executor executor, int capacity) {
        this.executor = executor;
        this.capacity = capacity;
    }

    /** Takes an event of this many bytes; false if there is no room for it now. */
    synchronized boolean offer(Runnable work, int bytes) {
        if (weight > 0 && weight + bytes > capacity) {
            return false;
        }
        enqueue(work, bytes);
        return true;
    }

    /** Takes a step of the session's life, room or not. */
    synchronized void add(Runnable work) {
        enqueue(work, 0);
    }

    /** Of the events that wait. */
    synchronized int weight() {
        return weight;
    }

    private void enqueue(Runnable work, int bytes) {
        tasks.add(new Task(work, bytes));
        weight += bytes;
        if (!running) {
            running = true;
            executor.execute(this::drain);
        }
    }

    private void drain() {
        Task task = next(0);
        while (task != null) {
            try {
                task.work.run();
            } catch (RuntimeException | Error e) {
                // The listener answers its own failures; one that gets here must not keep the session's other tasks,
                // the last of which takes its connections out of everybody's sight.
                log.error("A task of a session failed", e);
            }
            task = next(task.weight);
            letOthersGo(task != null);
        }
    }

    /** A session with much to do must not keep others waiting for more than one event. */
    // The yield is about fairness alone: nothing is wrong without it.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersGo(boolean more) {
        if (more) {
            Thread.yield();
        }
    }

    private synchronized @Nullable Task next(int done) {
        weight -= done;
        Task task = tasks.poll();
        running = task != null;
        return task;
    }
}
