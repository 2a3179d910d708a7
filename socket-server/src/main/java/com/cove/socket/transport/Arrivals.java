package com.cove.socket.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * New connections of one event loop, of which a few are opened in each turn, in the order in which they came. After a restart thousands
 * come at once, and whoever is in would wait behind all of them: a loop reads all that can be read before it begins anew, and so does the
 * executor with what it is given. A turn ends when both have had theirs. docs/adr/0031-the-way-in.md.
 */
final class Arrivals {
    /** A matter of milliseconds, even of a server that has just been started. */
    static final int A_TURN = 8;

    /** At least: a loop that is busy takes longer. */
    static final long TURN_MS = 1;

    private final EventLoop loop;
    private final Executor executor;
    private final Consumer<Channel> open;
    private final Queue<Channel> waiting = new ArrayDeque<>();
    private int opened;

    /**
     * @param executor of what those who are open ask for
     * @param open     what begins to read of a connection
     */
    Arrivals(EventLoop loop, Executor executor, Consumer<Channel> open) {
        this.loop = loop;
        this.executor = executor;
        this.open = open;
    }

    /** On the loop. */
    void add(Channel channel) {
        waiting.add(channel);
        if (opened == 0) {
            turn();
        } else {
            openSome();
        }
    }

    private void turn() {
        opened = 0;
        openSome();
        if (opened > 0) {
            executor.execute(this::endTurn);
        }
    }

    private void openSome() {
        while (opened < A_TURN && !waiting.isEmpty()) {
            Channel next = waiting.remove();
            if (next.isActive()) {
                opened++;
                open.accept(next);
            }
        }
    }

    private void endTurn() {
        try {
            loop.schedule(this::turn, TURN_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and its connections with it.
        }
    }
}
