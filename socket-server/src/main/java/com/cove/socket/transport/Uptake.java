package com.cove.socket.transport;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelProgressivePromise;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client takes what is written to its websocket, judged by the bytes that leave: one that is slow and steady is
 * served, one that takes nothing for some seconds is let go.
 *
 * <p>The promise of every write to that channel, which is never done: only when something left is of interest.
 */
final class Uptake extends DefaultChannelProgressivePromise {
    private final SessionContext context;
    private final Runnable tooSlow;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile long takenNanos = System.nanoTime();

    Uptake(Channel webSocket, SessionContext context, Runnable tooSlow) {
        super(webSocket);
        this.context = context;
        this.tooSlow = tooSlow;
    }

    /** Begins to watch a client that is behind. After a write. */
    void look() {
        if (!channel().isWritable() && watched.compareAndSet(false, true)) {
            takenNanos = System.nanoTime();
            context.after(patience(), this::judge);
        }
    }

    private void judge() {
        if (channel().isWritable() || !channel().isActive()) {
            watched.set(false);
            return;
        }
        Duration left = patience().minusNanos(System.nanoTime() - takenNanos);
        if (left.isPositive()) {
            context.after(left, this::judge);
        } else {
            tooSlow.run();
        }
    }

    /** True of a client that is behind and took something lately: it lives, although its answers are not read meanwhile. */
    boolean lagsAndTook(Duration lately) {
        return watched.get() && System.nanoTime() - takenNanos < lately.toNanos();
    }

    private Duration patience() {
        return context.config().timeouts().slowClient();
    }

    private boolean taken() {
        if (watched.get()) {
            takenNanos = System.nanoTime();
        }
        return true;
    }

    @Override
    public boolean tryProgress(long progress, long total) {
        return taken();
    }

    @Override
    public boolean trySuccess() {
        return taken();
    }

    @Override
    public boolean trySuccess(@Nullable Void result) {
        return taken();
    }

    /** The channel closes, which its session is told. */
    @Override
    public boolean tryFailure(Throwable cause) {
        return true;
    }
}
