package com.cove.socket.transport;

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
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.AttributeKey;
import io.netty.util.Timeout;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every HTTP request of the socket port, judged in the order of Node's engine.io and with its answers.
 *
 * <p>Replaces netty-socketio's AuthorizeHandler, which checks neither version nor method, joins the namespace at the
 * handshake (issue 902) and takes the session id from a cookie (issue 526), its PollingTransport, which answers unknown sessions with 500 or not at
 * all (issue 372), and the handshake of its WebSocketTransport. Issues of the library, here and elsewhere, are those that
 * docs/repairs.md links, each with the test that fails once the library has mended it.
 */
@Sharable
final class EngineRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String PATH = "/socket.io/";
    private static final String POLLING_TRANSPORT = "polling";
    private static final String HEALTH = "/health";
    private static final String LIVE = "/live";
    private static final AttributeKey<EngineSession> POLLING = AttributeKey.valueOf("cove.polling");

    private final SessionContext context;
    private final Supplier<HealthReport> health;

    EngineRequests(SessionContext context, Supplier<HealthReport> health) {
        this.context = context;
        this.health = health;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        Channel channel = ctx.channel();
        boolean allowed = config().access().origins().allow(request.headers().get(HttpHeaderNames.ORIGIN));
        HttpReply reply = new HttpReply(channel, request, allowed);
        if (request.decoderResult().isFailure()) {
            refuseUnread(reply, request);
            return;
        }
        QueryStringDecoder query = new QueryStringDecoder(request.uri());
        if (query.rawPath().equals(HEALTH)) {
            context.executor().execute(() -> answerHealth(reply));
        } else if (query.rawPath().equals(LIVE)) {
            answerLive(reply);
        } else if (!query.rawPath().equals(PATH)) {
            reply.notFound();
        } else if (!allowed) {
            refuse(reply, EngineError.FORBIDDEN_ORIGIN, client(channel, request));
        } else if (request.method().equals(HttpMethod.OPTIONS)) {
            reply.preflight();
        } else {
            parameters(query)
                    .ifPresentOrElse(
                            parameters -> engineRequest(
                                    new EngineRequest(channel, request, parameters, client(channel, request)), reply),
                            () -> refuse(reply, EngineError.BAD_REQUEST, client(channel, request)));
        }
    }

    /** The session that the body of this request is for; empty for every request whose body nobody wants. */
    Optional<EngineSession> receiver(HttpRequest head) {
        QueryStringDecoder query = new QueryStringDecoder(head.uri());
        if (!head.method().equals(HttpMethod.POST)
                || !query.rawPath().equals(PATH)
                || isUpgrade(head)
                || !config().access().origins().allow(head.headers().get(HttpHeaderNames.ORIGIN))) {
            return Optional.empty();
        }
        return parameters(query)
                .filter(parameters -> first(parameters, "transport").equals(POLLING_TRANSPORT))
                .flatMap(parameters -> session(first(parameters, "sid")))
                .filter(session -> !session.onWebSocket());
    }

    private static boolean isUpgrade(HttpRequest head) {
        return head.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    private static String first(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.get(name);
        return values == null ? "" : values.getFirst();
    }

    /** A request that is none, or whose body is too large: the rest of that is dropped, and the connection goes on. */
    private void refuseUnread(HttpReply reply, FullHttpRequest request) {
        InetAddress client = client(reply.channel(), request);
        if (request.decoderResult().cause() instanceof TooLongHttpContentException) {
            refuse(reply, EngineError.PAYLOAD_TOO_LARGE, client);
        } else {
            refuse(reply, EngineError.BAD_REQUEST, client);
            reply.channel().close();
        }
    }

    /** Empty if a percent sign in the query stands for no byte. */
    private static Optional<Map<String, List<String>>> parameters(QueryStringDecoder query) {
        try {
            return Optional.of(query.parameters());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A request to Engine.IO.
     *
     * @param client who sent it, whatever it came through
     */
    private record EngineRequest(
            Channel channel, FullHttpRequest http, Map<String, List<String>> parameters, InetAddress client) {
        String parameter(String name) {
            return first(parameters, name);
        }

        boolean is(HttpMethod method) {
            return http.method().equals(method);
        }

        /** Of the one version there is (RFC 6455). */
        boolean isWebSocketHandshake() {
            return http.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13", true)
                    && http.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        }

        boolean isUpgrade() {
            return EngineRequests.isUpgrade(http);
        }
    }

    private TransportConfig config() {
        return context.config();
    }

    private InetAddress client(Channel channel, FullHttpRequest request) {
        return config().access()
                .proxies()
                .client(channel.remoteAddress(), request.headers().getAll("X-Forwarded-For"));
    }

    private void refuse(HttpReply reply, EngineError error, InetAddress client) {
        context.telemetry().refused(error.cause(), client);
        reply.error(error);
    }

    /** For whoever ends a server that does not answer: of no use against a database that is away, so it is not asked. */
    private void answerLive(HttpReply reply) {
        if (context.sessions().draining()) {
            reply.json(HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"status\":\"draining\"}");
        } else {
            reply.json(HttpResponseStatus.OK, "{\"status\":\"up\"}");
        }
    }

    private void answerHealth(HttpReply reply) {
        HealthReport report = health.get();
        reply.json(report.up() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, report.json());
    }

    private void engineRequest(EngineRequest request, HttpReply reply) {
        String transport = request.parameter("transport");
        boolean webSocket = transport.equals("websocket");
        if (!webSocket && !transport.equals(POLLING_TRANSPORT)) {
            refuse(reply, EngineError.UNKNOWN_TRANSPORT, request.client());
            return;
        }
        String sid = request.parameter("sid");
        if (sid.isEmpty()) {
            handshake(request, webSocket, reply);
            return;
        }
        Optional<EngineSession> session = session(sid);
        if (session.isEmpty()) {
            refuse(reply, EngineError.UNKNOWN_SESSION, request.client());
        } else if (request.isUpgrade() != webSocket || (webSocket && !request.isWebSocketHandshake())) {
            refuse(reply, EngineError.BAD_REQUEST, request.client());
        } else if (webSocket) {
            upgrade(request, session.get());
        } else {
            polling(request, session.get(), reply);
        }
    }

    // --- opening ---

    private void handshake(EngineRequest request, boolean webSocket, HttpReply reply) {
        Optional<EngineError> error = handshakeError(request, webSocket);
        if (error.isPresent()) {
            refuse(reply, error.get(), request.client());
            return;
        }
        EngineSession session = open(request, webSocket);
        if (webSocket) {
            shakeHands(
                    request,
                    session,
                    () -> session.startOn(request.channel()),
                    () -> session.close(CloseReason.TRANSPORT_CLOSE));
        } else {
            session.poll(reply);
        }
    }

    /** In Node's order; then for reasons that Node does not know. A place taken for the address is the session's. */
    private Optional<EngineError> handshakeError(EngineRequest request, boolean webSocket) {
        if (!request.is(HttpMethod.GET)) {
            return Optional.of(EngineError.BAD_HANDSHAKE_METHOD);
        }
        if (request.isUpgrade() != webSocket || (webSocket && !request.isWebSocketHandshake())) {
            return Optional.of(EngineError.BAD_REQUEST);
        }
        if (!request.parameter("EIO").equals("4")) {
            return Optional.of(EngineError.UNSUPPORTED_PROTOCOL_VERSION);
        }
        return context.sessions().admit(request.client());
    }

    private EngineSession open(EngineRequest request, boolean webSocket) {
        List<String> tokens = request.parameters().getOrDefault("token", List.of());
        EngineSession session =
                new EngineSession(context, request.client(), tokens.size() == 1 ? tokens.getFirst() : null);
        context.sessions().add(session);
        context.telemetry().opened(webSocket ? "websocket" : "polling");
        session.send(Frame.text("0" + openPacket(session, webSocket)));
        return session;
    }

    /** With {@code maxPayload}, by which clients size their polling bodies; the library's has none. */
    private String openPacket(EngineSession session, boolean webSocket) {
        TransportConfig.Timeouts timeouts = config().timeouts();
        return "{\"sid\":\"" + session.id() + "\",\"upgrades\":"
                + (webSocket ? "[]" : "[\"websocket\"]")
                + ",\"pingInterval\":" + timeouts.pingInterval().toMillis()
                + ",\"pingTimeout\":" + timeouts.pingTimeout().toMillis()
                + ",\"maxPayload\":" + config().packets().maxPayloadBytes() + "}";
    }

    // --- an open session ---

    private void polling(EngineRequest request, EngineSession session, HttpReply reply) {
        if (session.onWebSocket()) {
            refuse(reply, EngineError.BAD_REQUEST, request.client());
        } else if (request.is(HttpMethod.GET)) {
            request.channel().attr(POLLING).set(session);
            session.poll(reply);
        } else if (request.is(HttpMethod.POST)) {
            receive(request, session, reply);
        } else {
            refuse(reply, EngineError.BAD_REQUEST, request.client());
        }
    }

    /** A whole body that comes while another is still being delivered ends the session: their packets would mix. */
    private static void receive(EngineRequest request, EngineSession session, HttpReply reply) {
        try {
            if (!session.beginDelivery()) {
                throw new ProtocolException("overlapping bodies");
            }
            deliver(new PollingBody(Utf8.decode(request.http().content()), session), session, reply);
        } catch (ProtocolException e) {
            refuse(e, session, reply);
        }
    }

    private static void deliver(PollingBody body, EngineSession session, HttpReply reply) {
        try {
            if (body.deliverSome()) {
                session.endDelivery();
                reply.ok();
            } else {
                reply.channel().eventLoop().execute(() -> deliver(body, session, reply));
            }
        } catch (ProtocolException e) {
            refuse(e, session, reply);
        }
    }

    private static void refuse(ProtocolException fault, EngineSession session, HttpReply reply) {
        session.fault(fault);
        reply.error(EngineError.BAD_REQUEST);
    }

    /** As Node does, a websocket that the session has no use for is let in and closed. */
    private void upgrade(EngineRequest request, EngineSession session) {
        Channel channel = request.channel();
        shakeHands(
                request,
                session,
                session.probe(channel) ? () -> {} : channel::close,
                () -> session.webSocketClosed(channel));
    }

    /** @param failed after which the channel closes */
    private void shakeHands(EngineRequest request, EngineSession session, Runnable done, Runnable failed) {
        Channel channel = request.channel();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(null, null, decoderConfig()).newHandshaker(request.http());
        channel.pipeline().remove(EdgePipeline.HTTP_IDLE);
        RequestClock.removeFrom(channel.pipeline());
        channel.pipeline().remove(OneRequestAtATime.class);
        channel.pipeline().remove(BodyGate.class);
        channel.pipeline()
                .addLast(new WebSocketFrameAggregator(config().packets().maxPayloadBytes()));
        UnverifiedBytes.addTo(channel.pipeline(), session);
        channel.pipeline().addLast(new WebSocketFrames(session));
        // Who does not read the answer would keep the connection: nothing else watches it any more.
        Timeout overdue = context.after(config().timeouts().upgrade(), channel::close);
        handshaker.handshake(channel, request.http()).addListener((ChannelFutureListener) future -> {
            overdue.cancel();
            if (future.isSuccess()) {
                done.run();
            } else {
                failed.run();
                channel.close();
            }
        });
    }

    private WebSocketDecoderConfig decoderConfig() {
        return WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(config().packets().maxPayloadBytes())
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

    /** Nothing was asked for some time. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** A broken request, a network fault: nothing to tell anybody. What befalls a websocket is its session's. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ctx.pipeline().get(WebSocketFrames.class) == null) {
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    // --- reading requests ---

    private Optional<EngineSession> session(String sid) {
        return Uuids.canonical(sid).flatMap(context.sessions()::find);
    }
}
