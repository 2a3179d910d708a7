package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;

/**
 * Ends a session that was never verified and sends a larger websocket message than it needs for that. Stands before the
 * decoder, which keeps what came of a frame until it is whole, as the aggregator keeps fragments.
 */
final class UnverifiedBytes extends ChannelInboundHandlerAdapter {
    private final EngineSession session;
    private long waiting;

    private UnverifiedBytes(EngineSession session) {
        this.session = session;
    }

    /** Around the decoder of requests, which the websocket's takes the place of, and the aggregator, the last handler so far. */
    static void addTo(ChannelPipeline pipeline, EngineSession session) {
        UnverifiedBytes bytes = new UnverifiedBytes(session);
        pipeline.addBefore(pipeline.context(HttpRequestDecoder.class).name(), "unverifiedBytes", bytes)
                .addLast("wholeMessages", bytes.new WholeMessages());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        waiting += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ctx.fireChannelRead(message);
        if (waiting > session.maxMessageBytes() && ctx.channel().isActive()) {
            waiting = 0;
            ctx.fireExceptionCaught(new ProtocolException("too large a message"));
        }
    }

    /** Behind the aggregator. */
    private final class WholeMessages extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof TextWebSocketFrame || message instanceof BinaryWebSocketFrame) {
                waiting = 0;
            }
            ctx.fireChannelRead(message);
        }
    }
}
