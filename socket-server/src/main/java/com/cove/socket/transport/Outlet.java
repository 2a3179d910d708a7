package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;

/**
 * The way out of a session through its websocket. The channel's event loop writes what waits: all that has come together at once,
 * and no more than the client takes, so that the rest can be shared with others who wait for it.
 */
final class Outlet {
    /** Of one write, or a frame more. */
    private static final int WRITE_BYTES = 16 * 1024;

    /** What an event loop is writing, to one client at a time: a list for each write would be garbage of every delivery. */
    private static final FastThreadLocal<List<Frame>> NEXT = new FastThreadLocal<>() {
        @Override
        protected List<Frame> initialValue() {
            return new ArrayList<>();
        }
    };

    private final Channel channel;
    private final Uptake uptake;
    private final ObjIntConsumer<List<Frame>> backlog;
    private final AtomicBoolean due = new AtomicBoolean();

    /** @param backlog adds the next frames, until they are so many bytes or more; called on the event loop */
    Outlet(Channel channel, Uptake uptake, ObjIntConsumer<List<Frame>> backlog) {
        this.channel = channel;
        this.uptake = uptake;
        this.backlog = backlog;
    }

    boolean isOf(Channel other) {
        return channel.equals(other);
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /** Something waits, or the client takes more again. Any thread. */
    void wake() {
        if (claim()) {
            execute(loop(), this::write);
        }
    }

    /** True where nobody has told the loop: who asks has to see that it {@linkplain #write writes}. */
    boolean claim() {
        return due.compareAndSet(false, true);
    }

    /** On the event loop. A fault is this channel's alone, whoever else the loop writes to. */
    void write() {
        due.set(false);
        try {
            writeWhatWaits();
        } catch (RuntimeException | Error e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    private void writeWhatWaits() {
        List<Frame> next = NEXT.get();
        boolean written = false;
        while (take(next)) {
            write(next);
            written = true;
        }
        if (written) {
            first().flush();
            uptake.look();
        }
    }

    private boolean take(List<Frame> next) {
        next.clear();
        if (channel.isWritable()) {
            backlog.accept(next, WRITE_BYTES);
        }
        return !next.isEmpty();
    }

    /** By index, as every delivery comes by here: an iterator is an object. */
    private void write(List<Frame> frames) {
        int size = 0;
        for (int i = 0; i < frames.size(); i++) {
            size += frames.get(i).maxBytes();
        }
        ByteBuf bytes = channel.alloc().directBuffer(size);
        for (int i = 0; i < frames.size(); i++) {
            frames.get(i).write(bytes);
        }
        first().write(bytes, uptake);
    }

    /** From where a write passes the websocket's encoder: the frames are whole. */
    private ChannelHandlerContext first() {
        return channel.pipeline().firstContext();
    }

    /** Closes the channel, once these were given to it, unless the client is behind in any case. */
    void close(List<Frame> last) {
        execute(loop(), () -> {
            if (channel.isWritable() && !last.isEmpty()) {
                write(last);
                first().flush();
            }
            channel.close();
        });
    }

    static void execute(EventLoop loop, Runnable work) {
        try {
            loop.execute(work);
        } catch (RejectedExecutionException e) {
            // The server has stopped; it closed the channels of its loops before.
        }
    }

    /** Bytes that the channel was given and the system has not taken. */
    long pendingBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
