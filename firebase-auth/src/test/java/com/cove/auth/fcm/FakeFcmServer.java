package com.cove.auth.fcm;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The wire of {@link FakeFcm}: HTTP/2 over TLS, chosen by ALPN, with HTTP/1.1 for those who do not know better. */
final class FakeFcmServer {
    /** As FCM's. */
    private static final int STREAMS = 100;

    private static final int MAX_BODY = 1 << 20;

    /** One request, whichever protocol it came by. */
    record Request(
            String protocol,
            String method,
            String host,
            String path,
            @Nullable String authorization,
            String body) {}

    private final BiConsumer<Request, Consumer<FakeFcmAnswer>> requests;
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final SslContext tls = tls();
    private @Nullable Channel listening;
    private int port;

    FakeFcmServer(BiConsumer<Request, Consumer<FakeFcmAnswer>> requests) {
        this.requests = requests;
    }

    /** At any free port, and at the same one from then on. */
    synchronized void listen() {
        Channel channel = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .childHandler(new Connection())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
        listening = channel;
        port = ((InetSocketAddress) channel.localAddress()).getPort();
    }

    synchronized int port() {
        return port;
    }

    int connections() {
        return connections.size();
    }

    synchronized void hangUp() {
        if (listening != null) {
            listening.close().syncUninterruptibly();
            listening = null;
        }
        connections.close().awaitUninterruptibly();
    }

    void close() {
        hangUp();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static SslContext tls() {
        FakeFcmCertificate certificate = FakeFcmCertificate.get();
        try {
            return SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                    .sslProvider(SslProvider.JDK)
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Connection extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            connections.add(channel);
            channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Negotiated());
        }
    }

    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        Negotiated() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                context.pipeline()
                        .addLast(
                                Http2FrameCodecBuilder.forServer()
                                        .initialSettings(
                                                Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS))
                                        .build(),
                                new Http2MultiplexHandler(new Stream()),
                                new Quiet());
            } else {
                context.pipeline()
                        .addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(MAX_BODY),
                                new Requests(ApplicationProtocolNames.HTTP_1_1));
            }
        }
    }

    /** Clients that cut their connection are no news. */
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private final class Stream extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(
                            new Http2StreamFrameToHttpObjectCodec(true),
                            new HttpObjectAggregator(MAX_BODY),
                            new Requests(ApplicationProtocolNames.HTTP_2));
        }
    }

    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final String protocol;

        Requests(String protocol) {
            this.protocol = protocol;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            Request read = new Request(
                    protocol,
                    request.method().name(),
                    request.headers().get(HttpHeaderNames.HOST, ""),
                    request.uri(),
                    request.headers().get(HttpHeaderNames.AUTHORIZATION),
                    request.content().toString(StandardCharsets.UTF_8));
            requests.accept(read, answer -> context.executor().execute(() -> perform(context, answer)));
        }

        private void perform(ChannelHandlerContext context, FakeFcmAnswer answer) {
            boolean http2 = context.channel() instanceof Http2StreamChannel;
            switch (answer) {
                case FakeFcmAnswer.Reply reply -> context.writeAndFlush(response(reply));
                case FakeFcmAnswer.Reset _
                when http2 -> context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
                case FakeFcmAnswer.Reset _, FakeFcmAnswer.Close _ ->
                    (http2 ? context.channel().parent() : context.channel()).close();
                case FakeFcmAnswer.Stall _ -> {}
                case FakeFcmAnswer.Judge _, FakeFcmAnswer.When _ -> throw new IllegalStateException("not resolved");
            }
        }

        private static FullHttpResponse response(FakeFcmAnswer.Reply reply) {
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(reply.status()),
                    Unpooled.copiedBuffer(reply.body(), StandardCharsets.UTF_8));
            reply.headers().forEach(response.headers()::set);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            return response;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // Clients that give up reset their streams.
            context.close();
        }
    }
}
