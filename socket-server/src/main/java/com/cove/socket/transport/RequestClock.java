package com.cove.socket.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes its time with a request, byte by byte (slowloris). The clock starts when it is
 * the connection's turn and with the first byte of each further request; it stands before the decoder, which shows nothing of a
 * head until it is whole.
 */
final class RequestClock extends ChannelInboundHandlerAdapter {
    private final TransportConfig.Timeouts timeouts;
    private final EdgeTelemetry telemetry;
    private @Nullable Future<?> deadline;

    private RequestClock(TransportConfig.Timeouts timeouts, EdgeTelemetry telemetry) {
        this.timeouts = timeouts;
        this.telemetry = telemetry;
    }

    /** Around the decoder of requests, which is the last handler so far. */
    static void addTo(ChannelPipeline pipeline, TransportConfig.Timeouts timeouts, EdgeTelemetry telemetry) {
        RequestClock clock = new RequestClock(timeouts, telemetry);
        pipeline.addBefore(pipeline.lastContext().name(), "requestClock", clock)
                .addLast("requestProgress", clock.new Progress());
    }

    /** For a connection that carries no requests any more. */
    static void removeFrom(ChannelPipeline pipeline) {
        pipeline.remove(RequestClock.class);
        pipeline.remove(Progress.class);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        start(ctx, timeouts.header());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        if (deadline == null) {
            start(ctx, timeouts.header());
        }
        ctx.fireChannelRead(bytes);
    }

    private void start(ChannelHandlerContext ctx, Duration patience) {
        stop();
        deadline = ctx.executor()
                .schedule(
                        () -> {
                            telemetry.refused("request_timeout", ctx.channel());
                            ctx.close();
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void stop() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Behind the decoder: sees how far the request is. */
    private final class Progress extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object part) {
            if (part instanceof LastHttpContent) {
                stop();
            } else if (part instanceof HttpRequest) {
                start(ctx, timeouts.request());
            }
            ctx.fireChannelRead(part);
        }
    }
}
