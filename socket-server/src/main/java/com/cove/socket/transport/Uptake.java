package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether a client takes what is written to its websocket, judged by the bytes that leave: one that is slow and steady is
 * served, one that takes nothing for some seconds, or lags too far behind, is let go.
 */
final class Uptake implements ChannelProgressiveFutureListener {
    private final SessionContext context;
    private final Runnable tooSlow;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile long takenNanos = System.nanoTime();

    Uptake(SessionContext context, Runnable tooSlow) {
        this.context = context;
        this.tooSlow = tooSlow;
    }

    void write(Channel webSocket, ByteBuf frame) {
        webSocket.writeAndFlush(frame, webSocket.newProgressivePromise().addListener(this));
        if (webSocket.isWritable()) {
            return;
        }
        if (webSocket.bytesBeforeWritable() > context.config().buffers().outboundBytes()) {
            tooSlow.run();
        } else if (watched.compareAndSet(false, true)) {
            takenNanos = System.nanoTime();
            context.after(patience(), () -> judge(webSocket));
        }
    }

    private void judge(Channel webSocket) {
        if (webSocket.isWritable() || !webSocket.isActive()) {
            watched.set(false);
            return;
        }
        Duration left = patience().minusNanos(System.nanoTime() - takenNanos);
        if (left.isPositive()) {
            context.after(left, () -> judge(webSocket));
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

    @Override
    public void operationProgressed(ChannelProgressiveFuture write, long progress, long total) {
        takenNanos = System.nanoTime();
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture write) {
        if (write.isSuccess()) {
            takenNanos = System.nanoTime();
        }
    }
}
