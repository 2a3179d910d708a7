package com.cove.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One thread whose members are all who connect: right, but for what a test makes wrong of a delivery. */
final class FakeServer implements AutoCloseable {
    private static final Pattern SEND =
            Pattern.compile("42(\\d+)\\[\"send_message\",\\{\"threadId\":\"([^\"]*)\",\"content\":\"([^\"]*)\".*");

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Channel> members = new ArrayList<>();
    private final Deliveries deliveries;
    private final Channel listening;
    private long seq = 41;

    /** What a member is sent for a message. */
    interface Deliveries {
        List<String> of(int member, long seq, String message);
    }

    FakeServer(Deliveries deliveries) throws InterruptedException {
        this.deliveries = deliveries;
        listening = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new Pipeline())
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    String port() {
        return Integer.toString(((InetSocketAddress) listening.localAddress()).getPort());
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void received(Channel channel, String text) {
        if (text.startsWith("40")) {
            members.add(channel);
            write(channel, "40{\"sid\":\"s\",\"pid\":\"p\"}");
            return;
        }
        Matcher send = SEND.matcher(text);
        if (send.matches()) {
            seq++;
            String message = "\"message\":{\"id\":\"i\",\"threadId\":\"%s\",\"seq\":%d,\"content\":\"%s\"}"
                    .formatted(send.group(2), seq, send.group(3));
            write(channel, "43%s[{\"ok\":true,%s}]".formatted(send.group(1), message));
            for (int member = 0; member < members.size(); member++) {
                for (String delivery : deliveries.of(member, seq, message)) {
                    write(members.get(member), "42[\"new_message\",{%s},\"offset\"]".formatted(delivery));
                }
            }
        }
    }

    private static void write(Channel channel, String text) {
        channel.writeAndFlush(new TextWebSocketFrame(text));
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(8_192))
                    .addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                            .websocketPath("/")
                            .checkStartsWith(true)
                            .build()))
                    .addLast(new Session());
        }
    }

    private final class Session extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                write(context.channel(), "0{\"sid\":\"e\"}");
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            received(context.channel(), ((TextWebSocketFrame) frame).text());
        }
    }
}
