package com.cove.socket.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpContentException;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the aggregator and judges a request by its head: only one that brings packets for an open session may have its
 * body collected, one at a time for each session, and little before the session is verified. Every other is handed on at once,
 * without its body, which is dropped as it comes.
 */
final class BodyGate extends ChannelInboundHandlerAdapter {
    private final EngineRequests requests;
    private final SessionContext context;
    private @Nullable EngineSession receiver;
    private @Nullable HttpRequest collecting;
    private long left;
    private boolean dropping;

    BodyGate(EngineRequests requests, SessionContext context) {
        this.requests = requests;
        this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpContent part && dropping) {
            drop(ctx, part);
        } else if (message instanceof HttpRequest head && announcesBody(head)) {
            begin(ctx, head);
        } else if (message instanceof HttpContent part && collecting != null) {
            collect(ctx, collecting, part);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private static boolean announcesBody(HttpRequest head) {
        return head.decoderResult().isSuccess()
                && (head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                        || HttpUtil.getContentLength(head, 0L) > 0);
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        EngineSession session = requests.receiver(head).orElse(null);
        if (session == null) {
            boolean upgrade = head.headers().contains(HttpHeaderNames.UPGRADE);
            answer(
                    ctx,
                    head,
                    upgrade ? failure(new ProtocolException("a body behind an upgrade")) : DecoderResult.SUCCESS);
            return;
        }
        left = session.maxMessageBytes();
        if (HttpUtil.getContentLength(head, 0L) > left) {
            answer(ctx, head, failure(new TooLongHttpContentException("body too large")));
        } else if (context.sessions().beginBody(session, ctx.channel())) {
            receiver = session;
            collecting = head;
            ctx.fireChannelRead(head);
        } else {
            // As Node does.
            session.fault(new ProtocolException("two bodies at a time"));
            answer(ctx, head, DecoderResult.SUCCESS);
        }
    }

    private static DecoderResult failure(Exception cause) {
        return DecoderResult.failure(cause);
    }

    private void collect(ChannelHandlerContext ctx, HttpRequest head, HttpContent part) {
        left -= part.content().readableBytes();
        if (left < 0) {
            boolean last = part instanceof LastHttpContent;
            part.release();
            end(ctx);
            answer(ctx, head, failure(new TooLongHttpContentException("body too large")));
            dropping = !last;
            return;
        }
        if (part instanceof LastHttpContent) {
            end(ctx);
        }
        ctx.fireChannelRead(part);
    }

    /** Hands the head on alone. A client that waits for leave to send its body (Expect) may send it or not: that ends the connection. */
    private void answer(ChannelHandlerContext ctx, HttpRequest head, DecoderResult result) {
        dropping = true;
        FullHttpRequest alone = new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                Unpooled.EMPTY_BUFFER,
                head.headers().copy(),
                EmptyHttpHeaders.INSTANCE);
        if (HttpUtil.is100ContinueExpected(head)) {
            alone.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        alone.setDecoderResult(result);
        ctx.fireChannelRead(alone);
    }

    private void drop(ChannelHandlerContext ctx, HttpContent part) {
        dropping = !(part instanceof LastHttpContent);
        if (part.decoderResult().isFailure()) {
            ctx.close();
        }
        part.release();
    }

    private void end(ChannelHandlerContext ctx) {
        if (receiver != null) {
            context.sessions().endBody(receiver, ctx.channel());
            receiver = null;
            collecting = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end(ctx);
    }
}
