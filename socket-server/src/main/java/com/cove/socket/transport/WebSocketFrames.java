package com.cove.socket.transport;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * The frames of one websocket.
 *
 * <p>Replaces the frame side of netty-socketio's WebSocketTransport, which answers no websocket ping (issue 946), does not tell
 * text from binary and leaves the channel open after a fault, having logged the payload.
 */
final class WebSocketFrames extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final EngineSession session;

    WebSocketFrames(EngineSession session) {
        this.session = session;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> session.receive(ctx.channel(), Utf8.decode(text.content()));
            case BinaryWebSocketFrame binary -> receive(ctx, ByteBufUtil.getBytes(binary.content()));
            case PingWebSocketFrame ping ->
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame close ->
                ctx.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
            default -> {
                // a pong nobody asked for
            }
        }
    }

    private void receive(ChannelHandlerContext ctx, byte[] binary) {
        if (!session.isWebSocket(ctx.channel())) {
            throw new ProtocolException("binary frame before the upgrade");
        }
        session.receive(binary);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            session.writable(ctx.channel());
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session.webSocketClosed(ctx.channel());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (session.isWebSocket(ctx.channel())) {
            session.fault(cause);
        }
        ctx.close();
    }
}
