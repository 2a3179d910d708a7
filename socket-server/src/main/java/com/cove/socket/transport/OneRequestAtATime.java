package com.cove.socket.transport;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hands a connection's requests on one after the other: one that was sent before its predecessor was answered (pipelining)
 * waits for that, so that answers come in the order of their questions. Nothing is read meanwhile, so that few wait.
 */
final class OneRequestAtATime extends ChannelDuplexHandler {
    /** More than one read can hold. */
    private static final int MAX_WAITING = 1_000;

    private final Queue<FullHttpRequest> waiting = new ArrayDeque<>(2);
    private boolean answering;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            ctx.fireChannelRead(message);
        } else if (!answering) {
            answering = true;
            ctx.fireChannelRead(request);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(request);
            ctx.channel().config().setAutoRead(false);
        } else {
            request.release();
            ctx.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof FullHttpResponse answer) {
            if (HttpUtil.isKeepAlive(answer)) {
                ctx.executor().execute(() -> next(ctx));
            } else {
                forget();
            }
        }
        ctx.write(message, promise);
    }

    private void next(ChannelHandlerContext ctx) {
        FullHttpRequest request = waiting.poll();
        answering = request != null;
        if (waiting.isEmpty()) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
        if (request != null) {
            ctx.fireChannelRead(request);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        forget();
    }

    private void forget() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }
}
