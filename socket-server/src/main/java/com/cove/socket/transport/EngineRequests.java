package com.cove.socket.transport;

import com.corundumstudio.socketio.Transport;
import com.cove.model.text.Uuids;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every HTTP request of the socket port, judged in the order of Node's engine.io and with its answers.
 *
 * <p>Replaces netty-socketio's AuthorizeHandler, which checks neither version nor method, joins the namespace at the
 * handshake and takes the session id from a cookie, its PollingTransport, which answers unknown sessions with 500 or not at
 * all, and the handshake of its WebSocketTransport.
 */
@Sharable
final class EngineRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String PATH = "/socket.io/";
    private static final String HEALTH = "/health";
    private static final AttributeKey<EngineSession> POLLING = AttributeKey.valueOf("cove.polling");

    private final SessionContext context;
    private final Supplier<HealthReport> health;

    EngineRequests(SessionContext context, Supplier<HealthReport> health) {
        this.context = context;
        this.health = health;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        answer(ctx.channel(), request);
    }

    private void answer(Channel channel, FullHttpRequest request) {
        HttpReply reply = new HttpReply(channel, request);
        if (request.decoderResult().isFailure()) {
            reply.error(EngineError.BAD_REQUEST);
            channel.close();
            return;
        }
        QueryStringDecoder query = new QueryStringDecoder(request.uri());
        if (query.rawPath().equals(HEALTH)) {
            context.executor().execute(() -> answerHealth(reply));
        } else if (!query.rawPath().equals(PATH)) {
            reply.notFound();
        } else if (request.method().equals(HttpMethod.OPTIONS)) {
            reply.preflight();
        } else {
            engineRequest(channel, request, query.parameters(), reply);
        }
    }

    private void answerHealth(HttpReply reply) {
        HealthReport report = health.get();
        reply.json(report.up() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, report.json());
    }

    private void engineRequest(
            Channel channel, FullHttpRequest request, Map<String, List<String>> parameters, HttpReply reply) {
        Optional<Transport> transport = transport(first(parameters, "transport"));
        if (transport.isEmpty()) {
            reply.error(EngineError.UNKNOWN_TRANSPORT);
            return;
        }
        String sid = first(parameters, "sid");
        boolean upgrade = isUpgrade(request);
        if (sid.isEmpty()) {
            handshake(channel, request, parameters, transport.get(), upgrade, reply);
            return;
        }
        Optional<EngineSession> session = session(sid);
        if (session.isEmpty()) {
            reply.error(EngineError.UNKNOWN_SESSION);
        } else if (upgrade != (transport.get() == Transport.WEBSOCKET)) {
            reply.error(EngineError.BAD_REQUEST);
        } else if (upgrade) {
            upgrade(channel, request, session.get());
        } else {
            polling(request, session.get(), reply);
        }
    }

    // --- opening ---

    private void handshake(
            Channel channel,
            FullHttpRequest request,
            Map<String, List<String>> parameters,
            Transport transport,
            boolean upgrade,
            HttpReply reply) {
        if (!request.method().equals(HttpMethod.GET)) {
            reply.error(EngineError.BAD_HANDSHAKE_METHOD);
        } else if (upgrade != (transport == Transport.WEBSOCKET)) {
            reply.error(EngineError.BAD_REQUEST);
        } else if (!first(parameters, "EIO").equals("4")) {
            reply.error(EngineError.UNSUPPORTED_PROTOCOL_VERSION);
        } else if (context.sessions().draining()) {
            reply.json(HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"message\":\"Server is shutting down\"}");
        } else {
            EngineSession session = open(parameters, transport);
            if (transport == Transport.POLLING) {
                session.poll(reply);
            } else {
                shakeHands(channel, request, session, () -> session.startOn(channel));
            }
        }
    }

    private EngineSession open(Map<String, List<String>> parameters, Transport transport) {
        List<String> tokens = parameters.getOrDefault("token", List.of());
        EngineSession session = new EngineSession(context, tokens.size() == 1 ? tokens.getFirst() : null);
        context.sessions().add(session);
        session.send(Frame.text("0" + openPacket(session, transport)));
        return session;
    }

    /** With {@code maxPayload}, by which clients size their polling bodies; the library's has none. */
    private String openPacket(EngineSession session, Transport transport) {
        TransportConfig config = context.config();
        return "{\"sid\":\"" + session.id() + "\",\"upgrades\":"
                + (transport == Transport.POLLING ? "[\"websocket\"]" : "[]")
                + ",\"pingInterval\":" + config.pingInterval().toMillis()
                + ",\"pingTimeout\":" + config.pingTimeout().toMillis()
                + ",\"maxPayload\":" + config.maxPayloadBytes() + "}";
    }

    // --- an open session ---

    private void polling(FullHttpRequest request, EngineSession session, HttpReply reply) {
        if (session.onWebSocket()) {
            reply.error(EngineError.BAD_REQUEST);
        } else if (request.method().equals(HttpMethod.GET)) {
            reply.channel().attr(POLLING).set(session);
            session.poll(reply);
        } else if (request.method().equals(HttpMethod.POST)) {
            receive(request, session, reply);
        } else {
            reply.error(EngineError.BAD_REQUEST);
        }
    }

    private static void receive(FullHttpRequest request, EngineSession session, HttpReply reply) {
        try {
            PollingBody.deliver(Utf8.decode(request.content()), session);
            reply.ok();
        } catch (ProtocolException e) {
            session.close(CloseReason.PROTOCOL_ERROR);
            reply.error(EngineError.BAD_REQUEST);
        }
    }

    /** As Node does, a websocket that the session has no use for is let in and closed. */
    private void upgrade(Channel channel, FullHttpRequest request, EngineSession session) {
        shakeHands(channel, request, session, session.probe(channel) ? () -> {} : channel::close);
    }

    private void shakeHands(Channel channel, FullHttpRequest request, EngineSession session, Runnable done) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(null, null, decoderConfig()).newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel);
            session.webSocketClosed(channel);
            channel.close();
            return;
        }
        channel.pipeline().remove(EdgePipeline.HTTP_IDLE);
        channel.pipeline()
                .addLast(new WebSocketFrameAggregator(context.config().maxPayloadBytes()))
                .addLast(new WebSocketFrames(session));
        handshaker.handshake(channel, request).addListener((ChannelFutureListener) future -> {
            if (future.isSuccess()) {
                done.run();
            } else {
                channel.close();
            }
        });
    }

    private WebSocketDecoderConfig decoderConfig() {
        return WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(context.config().maxPayloadBytes())
                .allowExtensions(false)
                .withUTF8Validator(false)
                .build();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        EngineSession polling = ctx.channel().attr(POLLING).get();
        if (polling != null) {
            polling.pollClosed(ctx.channel());
        }
        ctx.fireChannelInactive();
    }

    /** Who takes no answers is read no further: pings and pipelined requests would pile up answers without end. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    /** A silent connection, a broken request, a network fault: nothing to tell anybody. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    // --- reading requests ---

    private Optional<EngineSession> session(String sid) {
        return Uuids.canonical(sid).flatMap(context.sessions()::find);
    }

    private static Optional<Transport> transport(String name) {
        return switch (name) {
            case "polling" -> Optional.of(Transport.POLLING);
            case "websocket" -> Optional.of(Transport.WEBSOCKET);
            default -> Optional.empty();
        };
    }

    private static boolean isUpgrade(FullHttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    private static String first(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.get(name);
        return values == null ? "" : values.getFirst();
    }
}
