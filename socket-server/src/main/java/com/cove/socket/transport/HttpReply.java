package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one HTTP request, given once, from any thread.
 *
 * <p>Replaces netty-socketio's EncoderHandler for HTTP: that one promises keep-alive and closes, so that a client which
 * trusts it loses its next request.
 */
final class HttpReply {
    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final String JSON = "application/json";

    private final Channel channel;
    private final boolean keepAlive;
    private final boolean head;
    private final @Nullable String origin;
    private final @Nullable String requestedHeaders;

    /** @param mayRead whether pages of the origin that the request names may read the answer */
    HttpReply(Channel channel, HttpRequest request, boolean mayRead) {
        this.channel = channel;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.head = request.method().equals(HttpMethod.HEAD);
        this.origin = mayRead ? request.headers().get(HttpHeaderNames.ORIGIN) : null;
        this.requestedHeaders = request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
    }

    Channel channel() {
        return channel;
    }

    /** Engine.IO packets as the body of a poll; done when they are taken. */
    ChannelFuture packets(List<Frame> frames) {
        ByteBuf body = channel.alloc().buffer();
        for (Frame frame : frames) {
            if (body.isReadable()) {
                body.writeByte(PollingBody.SEPARATOR);
            }
            body.writeBytes(frame.forPolling());
        }
        return send(HttpResponseStatus.OK, TEXT, body);
    }

    void ok() {
        send(HttpResponseStatus.OK, "text/html", utf8("ok"));
    }

    void error(EngineError error) {
        send(HttpResponseStatus.valueOf(error.status()), JSON, utf8(error.json()));
    }

    void json(HttpResponseStatus status, String json) {
        send(status, JSON, utf8(json));
    }

    void notFound() {
        send(HttpResponseStatus.NOT_FOUND, TEXT, utf8("Not found"));
    }

    /** Answers a browser that asks whether it may send the request it is about to send. */
    void preflight() {
        FullHttpResponse response = response(HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET,POST")
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, 600);
        if (requestedHeaders != null) {
            response.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, requestedHeaders);
        }
        write(response);
    }

    private ChannelFuture send(HttpResponseStatus status, String contentType, ByteBuf body) {
        FullHttpResponse response = response(status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        return write(response);
    }

    private FullHttpResponse response(HttpResponseStatus status, ByteBuf body) {
        int length = body.readableBytes();
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, head ? body.clear() : body);
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
        headers.set("X-Content-Type-Options", "nosniff");
        if (origin != null) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                    .set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        return response;
    }

    private ChannelFuture write(FullHttpResponse response) {
        response.headers()
                .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        ChannelFuture written = channel.writeAndFlush(response);
        return keepAlive ? written : written.addListener(ChannelFutureListener.CLOSE);
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
