package com.cove.bench.run;

import com.cove.bench.measure.Trouble;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one event loop on which all clients live, and the first thing that went wrong there. Any thread may call this.
 */
public final class Run implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 20_000;
    /** Says on standard error what a run says in its own words. Kept here, or it is forgotten with its level. */
    private static final Logger NETTY = Logger.getLogger("io.netty");

    static {
        NETTY.setLevel(Level.OFF);
    }

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("clients", true), EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final CompletableFuture<Void> trouble = new CompletableFuture<>();
    private final Bootstrap bootstrap = new Bootstrap()
            .group(group)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS);

    /** Ends the run with this sentence, unless another one was first. */
    public void fail(String sentence) {
        trouble.completeExceptionally(new Trouble(sentence));
    }

    /** Whether something went wrong: what comes after it is not looked at. */
    public boolean failed() {
        return trouble.isDone();
    }

    public void onLoop(Runnable task) {
        loop.execute(guarded(task));
    }

    public void after(long nanos, Runnable task) {
        loop.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                fail("The generator itself is at fault: " + e);
            }
        };
    }

    /** Waits until that is done; fails with what went wrong meanwhile, or with the sentence when it takes too long. */
    public <T> T await(CompletableFuture<T> done, Duration patience, Supplier<String> otherwise)
            throws Trouble, InterruptedException {
        try {
            CompletableFuture.anyOf(done, trouble).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return done.join();
        } catch (TimeoutException e) {
            throw new Trouble(otherwise.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Trouble told) {
                throw told;
            }
            throw new Trouble("The generator itself is at fault: " + e.getCause());
        }
    }

    /** Fails with what has gone wrong so far. */
    public void check() throws Trouble, InterruptedException {
        if (failed()) {
            await(trouble, Duration.ofSeconds(1), () -> "");
        }
    }

    /** Opens a TCP connection from that address of this machine, on any port of it. */
    public ChannelFuture connect(InetSocketAddress target, SocketAddress source, ChannelHandler... handlers) {
        return bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handlers);
                    }
                })
                .connect(target, source);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
