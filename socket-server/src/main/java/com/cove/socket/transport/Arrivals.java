package com.cove.socket.transport;

import io.micrometer.core.instrument.Timer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New connections of one event loop, of which a few are opened at a time. After a restart thousands come at once, and whoever is in would
 * wait behind all of them: a loop reads all that can be read before it begins anew, and so does the executor with what it is given. The
 * next few are opened when both have done what they had to do. docs/adr/0031-the-way-in.md.
 */
final class Arrivals {
    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

    /** A matter of milliseconds, even of a server that has just been started. */
    static final int AT_A_TIME = 8;

    /** At least: a loop that is busy takes longer. */
    static final long PAUSE_MS = 1;

    private final EventLoop loop;
    private final Executor executor;
    private final Consumer<Channel> open;
    private final Timer waited;
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private int opened;

    /**
     * @param executor of what those who are open ask for
     * @param open     what begins to read of a connection
     * @param waited   is told how long each waited until then
     */
    Arrivals(EventLoop loop, Executor executor, Consumer<Channel> open, Timer waited) {
        this.loop = loop;
        this.executor = executor;
        this.open = open;
        this.waited = waited;
    }

    /** @param since in nanoseconds of the loop */
    private record Arrival(Channel channel, long since) {}

    /** On the loop. */
    void add(Channel channel) {
        waiting.add(new Arrival(channel, now()));
        if (opened == 0) {
            openTheNext();
        } else {
            openSome();
        }
    }

    private void openTheNext() {
        opened = 0;
        openSome();
        if (opened > 0) {
            awaitOthers();
        }
    }

    /** One that came last, and else those who came first: a health check that comes behind thousands need not wait for them. */
    private void openSome() {
        while (opened < AT_A_TIME && !waiting.isEmpty()) {
            Arrival next = opened == 0 ? waiting.removeLast() : waiting.removeFirst();
            if (next.channel.isActive()) {
                opened++;
                waited.record(now() - next.since, TimeUnit.NANOSECONDS);
                open(next.channel);
            }
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    private void open(Channel channel) {
        try {
            open.accept(channel);
        } catch (RuntimeException | Error e) {
            // One that cannot be opened must not keep those behind it.
            log.error("A connection could not be opened", e);
            channel.close();
        }
    }

    private void awaitOthers() {
        try {
            executor.execute(this::awaitLoop);
        } catch (RejectedExecutionException e) {
            // It takes nothing more, and nobody waits behind anything there.
            awaitLoop();
        }
    }

    private void awaitLoop() {
        try {
            loop.schedule(this::openTheNext, PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and its connections with it.
        }
    }
}
