package com.cove.bench.reads;

import com.cove.bench.run.Run;
import com.cove.bench.wire.Sources;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection, kept alive, with one request under way; another where the server ended it. On the event loop. */
@ChannelHandler.Sharable
final class Lane extends SimpleChannelInboundHandler<FullHttpResponse> {
    private static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;
    private static final int MAX_QUOTED = 300;

    private final Run run;
    private final InetSocketAddress target;
    private final int index;
    private final Asking asking;
    private byte[] bytes = new byte[64 * 1024];
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Question asked;
    private long askedNanos;

    Lane(Run run, InetSocketAddress target, int index, Asking asking) {
        this.run = run;
        this.target = target;
        this.index = index;
        this.asking = asking;
    }

    void connect() {
        run.connect(target, Sources.of(index), new HttpClientCodec(), new HttpObjectAggregator(MAX_ANSWER_BYTES), this)
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        run.fail("The server cannot be reached: "
                                + future.cause().getMessage() + ".");
                    }
                });
    }

    void ask(Question question) {
        asked = question;
        askedNanos = System.nanoTime();
        if (ctx == null) {
            connect();
        } else {
            write(ctx, question);
        }
    }

    private void write(ChannelHandlerContext context, Question question) {
        ByteBuf body = context.alloc().buffer();
        String json = question.body();
        if (json != null) {
            body.writeCharSequence(json, StandardCharsets.UTF_8);
        }
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, json == null ? HttpMethod.GET : HttpMethod.POST, question.uri(), body);
        request.headers()
                .set(HttpHeaderNames.HOST, target.getHostString() + ":" + target.getPort())
                .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + question.token());
        if (json != null) {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
            HttpUtil.setContentLength(request, body.readableBytes());
        }
        context.writeAndFlush(request);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ctx = context;
        if (asked == null) {
            asking.connected();
        } else {
            write(context, asked);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
        Question question = asked;
        if (question == null) {
            run.fail("An answer came that nobody asked for.");
            return;
        }
        asked = null;
        if (!HttpUtil.isKeepAlive(response)) {
            ctx = null;
            context.close();
        }
        int length = response.content().readableBytes();
        bytes = bytes.length < length ? new byte[2 * length] : bytes;
        response.content().readBytes(bytes, 0, length);
        judge(question, response.status().code(), length);
    }

    private void judge(Question question, int status, int length) {
        String fault = status == question.status()
                ? question.judge().fault(bytes, length)
                : "has status %d where %d is right".formatted(status, question.status());
        if (fault == null) {
            asking.answered(this, askedNanos, length);
        } else {
            byte[] quoted = Arrays.copyOf(bytes, Math.min(length, MAX_QUOTED));
            run.fail("The answer to %s %s: %s"
                    .formatted(question.uri(), fault, new String(quoted, StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (context.equals(ctx)) {
            ctx = null;
            if (asked != null) {
                run.fail("The server closed a connection on which it was asked.");
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        run.fail("A connection broke: " + cause.getMessage() + ".");
    }
}
