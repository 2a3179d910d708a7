package com.cove.socket.transport;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.Timeout;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO session: what carries it now, what waits to be written, its heartbeat, and when it ends.
 *
 * <p>Replaces netty-socketio's ClientHead, which loses every 51st queued polling packet, lets a second websocket take the
 * session over, ends it when only the probe of an upgrade failed (issue 327), sends one NOOP where Node repeats it, keeps
 * whatever a slow client does not take (issues 172, 218), and says goodbye with a packet after which clients do not
 * reconnect (since pull request 549).
 */
final class EngineSession {
    private static final String PROBE_PONG = "3probe";
    private static final Duration NOOP_INTERVAL = Duration.ofMillis(100);
    /** For the next poll of a session that ends: longer than a round trip. */
    private static final Duration LAST_POLL = Duration.ofSeconds(2);

    private final SessionContext context;
    private final UUID id = UUID.randomUUID();
    private final InetAddress address;
    private final @Nullable String tokenParameter;
    private final PacketHandler handler;
    private final Object lock = new Object();
    private final AtomicBoolean delivering = new AtomicBoolean();
    private final Backlog backlog = new Backlog();
    /** Given to polls, and not yet taken. */
    private long polledBytes;

    private @Nullable HttpReply poll;
    private @Nullable Outlet webSocket;
    private @Nullable Uptake uptake;
    private @Nullable Channel candidate;
    private boolean probed;
    private @Nullable Timeout heartbeat;
    /** When the answer to the next heartbeat is overdue. */
    private long pongDueNanos;

    private boolean pingSent;
    private final Pings pings = new Pings();
    /** Why the session ends once its last packets were polled. */
    private volatile @Nullable CloseReason ending;

    private boolean closed;
    private volatile boolean verified;

    EngineSession(SessionContext context, InetAddress address, @Nullable String tokenParameter) {
        this.context = context;
        this.address = address;
        this.tokenParameter = tokenParameter;
        this.handler = context.protocol().open(this);
        synchronized (lock) {
            awaitHeartbeat();
        }
    }

    /** A secret of the client's: who knows it can speak for the client. */
    UUID id() {
        return id;
    }

    SessionContext context() {
        return context;
    }

    /** The client's, as {@link TrustedProxies} tells it. */
    InetAddress address() {
        return address;
    }

    /** The {@code token} of the handshake's query, for clients that cannot send one with CONNECT. */
    @Nullable String tokenParameter() {
        return tokenParameter;
    }

    /** Somebody is known to speak here. */
    void trust() {
        verified = true;
    }

    /** Whether a connection was verified; it may have ended since. */
    boolean verified() {
        return verified;
    }

    /** Of one websocket message or polling body: what {@code maxPayload} promises, to a stranger what a CONNECT may take. */
    int maxMessageBytes() {
        TransportConfig.Packets packets = context.config().packets();
        return verified ? packets.maxPayloadBytes() : TransportConfig.Packets.MAX_UNVERIFIED_BYTES;
    }

    // --- receiving; on event loops ---

    /** An Engine.IO packet with its type digit, from whichever transport carries the session. */
    void receive(String packet) {
        switch (packet.isEmpty() ? ' ' : packet.charAt(0)) {
            case '1' -> close(CloseReason.TRANSPORT_CLOSE);
            case '3' -> pong();
            case '4' -> handler.text(packet);
            case '6' -> {
                // a NOOP, which Node ignores as well
            }
            default -> throw new ProtocolException("unexpected Engine.IO packet");
        }
    }

    void receive(byte[] binary) {
        handler.binary(binary);
    }

    /** A text frame of a websocket: the session's own, or one that tries to become it. */
    void receive(Channel channel, String packet) {
        if (isWebSocket(channel)) {
            receive(packet);
        } else if (packet.equals("2probe") && firstProbe(channel)) {
            channel.writeAndFlush(new TextWebSocketFrame(PROBE_PONG));
            releasePoll(channel);
        } else if (!packet.equals("5") || !upgradeTo(channel)) {
            // Gives up its place before the client sees it closed and tries again.
            webSocketClosed(channel);
            channel.close();
        }
    }

    /** False while the packets of a body are being delivered, which takes several turns of an event loop. */
    boolean beginDelivery() {
        return delivering.compareAndSet(false, true);
    }

    void endDelivery() {
        delivering.set(false);
    }

    // --- sending; any thread ---

    void send(Frame frame) {
        send(frame.alone());
    }

    void send(List<Frame> frames) {
        send(frames, Outlet::wake);
    }

    /** @param wake tells a websocket that something waits */
    void send(List<Frame> frames, Consumer<Outlet> wake) {
        synchronized (lock) {
            if (closed || frames.isEmpty()) {
                return;
            }
            // By index, as every delivery comes by here: an iterator is an object.
            for (int i = 0; i < frames.size(); i++) {
                backlog.add(frames.get(i));
            }
            if (backlog.bytes() + polledBytes > context.config().buffers().outboundBytes()) {
                closeSoon(CloseReason.SLOW_CLIENT);
            } else if (webSocket != null) {
                wake.accept(webSocket);
            } else if (poll != null) {
                flushTo(poll);
            }
        }
    }

    private void flushTo(HttpReply reply) {
        long bytes = backlog.bytes();
        poll = null;
        polledBytes += bytes;
        reply.packets(backlog.takeAll()).addListener(_ -> taken(bytes));
    }

    private void taken(long bytes) {
        synchronized (lock) {
            polledBytes -= bytes;
        }
    }

    // --- transports ---

    /** A poll waits for packets. A second one at the same time is a fault of the client and ends the session, as in Node. */
    void poll(HttpReply reply) {
        synchronized (lock) {
            if (closed || webSocket != null) {
                reply.error(EngineError.BAD_REQUEST);
                return;
            }
            if (poll == null && !overdue()) {
                poll = reply;
                if (!backlog.isEmpty()) {
                    // The goodbye, if one is due, comes with the next poll: what comes together with it the client
                    // would
                    // keep until it is back, and show then beside what it is sent again.
                    flushTo(reply);
                    return;
                }
                if (ending == null) {
                    return;
                }
            }
        }
        if (ending != null) {
            close(ending);
            return;
        }
        close(CloseReason.PROTOCOL_ERROR);
        reply.error(EngineError.BAD_REQUEST);
    }

    /** The websocket of a session that began with one. */
    void startOn(Channel channel) {
        synchronized (lock) {
            if (closed) {
                channel.close();
                return;
            }
            uptake = new Uptake(channel, context, () -> closeSoon(CloseReason.SLOW_CLIENT));
            webSocket = new Outlet(channel, uptake, this::next);
            webSocket.wake();
        }
    }

    /** For the websocket. */
    private void next(List<Frame> taken, int enough) {
        synchronized (lock) {
            backlog.take(taken, enough);
        }
    }

    /** The client of a websocket takes more again. */
    void writable(Channel channel) {
        synchronized (lock) {
            if (webSocket != null && webSocket.isOf(channel)) {
                webSocket.wake();
            }
        }
    }

    /** A websocket that wants to take over from polling; false if there is one already. */
    boolean probe(Channel channel) {
        synchronized (lock) {
            if (closed || webSocket != null || candidate != null) {
                return false;
            }
            candidate = channel;
            probed = false;
        }
        context.after(context.config().timeouts().upgrade(), () -> {
            if (!isWebSocket(channel)) {
                channel.close();
            }
        });
        return true;
    }

    /** True once a candidate: every probe starts work that goes on for as long as the upgrade may take. */
    private boolean firstProbe(Channel channel) {
        synchronized (lock) {
            boolean first = channel.equals(candidate) && !probed;
            probed |= first;
            return first;
        }
    }

    /** While the client upgrades, a poll it has open is answered, again and again until it has none: it waits for that. */
    private void releasePoll(Channel probing) {
        synchronized (lock) {
            if (closed || !probing.equals(candidate)) {
                return;
            }
            if (poll != null && backlog.isEmpty()) {
                send(Frame.NOOP);
            }
        }
        context.after(NOOP_INTERVAL, () -> releasePoll(probing));
    }

    private boolean upgradeTo(Channel channel) {
        synchronized (lock) {
            if (closed || !channel.equals(candidate)) {
                return false;
            }
            candidate = null;
            if (poll != null) {
                backlog.add(Frame.NOOP);
                flushTo(poll);
            }
            startOn(channel);
            context.telemetry().upgraded();
            if (ending != null) {
                closeSoon(ending);
            }
            return true;
        }
    }

    /**
     * The client has its poll back and waits to be upgraded. It would never learn that its websocket is gone: engine.io-client
     * gives the upgrade up then, but not the pause of its polling.
     */
    private boolean betweenTransports() {
        return candidate != null && probed && poll == null;
    }

    /** A websocket is gone: the session ends with its own, and survives one that was only probing. */
    void webSocketClosed(Channel channel) {
        synchronized (lock) {
            if (channel.equals(candidate)) {
                candidate = null;
            }
        }
        if (isWebSocket(channel)) {
            close(CloseReason.TRANSPORT_CLOSE);
        }
    }

    /** The connection of a waiting poll is gone, as when a laptop sleeps; the heartbeat decides about the session. */
    void pollClosed(Channel channel) {
        synchronized (lock) {
            if (poll != null && poll.channel().equals(channel)) {
                poll = null;
            }
        }
    }

    boolean isWebSocket(Channel channel) {
        synchronized (lock) {
            return webSocket != null && webSocket.isOf(channel);
        }
    }

    /** True once a websocket carries the session: polling requests for it are refused. */
    boolean onWebSocket() {
        synchronized (lock) {
            return webSocket != null;
        }
    }

    // --- sizes, for the meters ---

    /** Of events that wait to be handled. */
    long waitingBytes() {
        return handler.waitingBytes();
    }

    /** Of what waits for the client to take it. */
    long outboundBytes() {
        synchronized (lock) {
            return backlog.bytes() + (webSocket == null ? polledBytes : webSocket.pendingBytes());
        }
    }

    // --- heartbeat ---

    private void awaitHeartbeat() {
        TransportConfig.Timeouts timeouts = context.config().timeouts();
        pingSent = false;
        pongDueNanos = System.nanoTime() + timeouts.heartbeat().toNanos();
        heartbeat = context.after(timeouts.untilPing(System.nanoTime()), this::ping);
    }

    private void ping() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            pingSent = true;
            heartbeat = context.after(context.config().timeouts().pingTimeout(), this::noPong);
            pings.sent();
            send(Frame.PING);
        }
    }

    /** Nothing is read of a client that is behind, its pong included: while it takes something, it gets more time. */
    private void noPong() {
        Duration patience = context.config().timeouts().pingTimeout();
        synchronized (lock) {
            if (!closed && uptake != null && uptake.lagsAndTook(patience)) {
                heartbeat = context.after(patience, this::noPong);
                return;
            }
        }
        close(CloseReason.PING_TIMEOUT);
    }

    /** Answers a heartbeat that is due, whichever ping it was meant for; what nobody asked for leaves the timers alone. */
    private void pong() {
        Runnable arrived;
        synchronized (lock) {
            if (closed) {
                return;
            }
            arrived = pings.answered();
            if (pingSent && heartbeat != null) {
                heartbeat.cancel();
                awaitHeartbeat();
            }
        }
        if (arrived != null) {
            arrived.run();
        }
    }

    /**
     * Asks the client, behind all that was sent before, by a ping beside the heartbeat.
     *
     * @param arrived run once, on an event loop, if the answer comes: must not block
     * @return false where nothing is asked: while an earlier question is open, and after the end
     */
    boolean confirm(Runnable arrived) {
        synchronized (lock) {
            if (closed || !pings.await(arrived)) {
                return false;
            }
            pings.sent();
            send(Frame.PING);
            return true;
        }
    }

    private boolean overdue() {
        return System.nanoTime() - pongDueNanos >= 0;
    }

    // --- the end ---

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /**
     * Ends the session, once. Only the transport closes; no packet says goodbye, because after Socket.IO's own goodbye a
     * client does not reconnect.
     */
    void close(CloseReason reason) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            pings.end();
            closeTransports(reason);
            if (heartbeat != null) {
                heartbeat.cancel();
            }
        }
        context.sessions().remove(this);
        context.telemetry().closed(reason);
        handler.closed(reason);
    }

    /** Ends the session for something that is no packet, or for what the network did to it. */
    void fault(Throwable cause) {
        if (cause instanceof IOException) {
            close(CloseReason.TRANSPORT_CLOSE);
        } else {
            context.telemetry().fault(cause, address);
            close(CloseReason.PROTOCOL_ERROR);
        }
    }

    /** Ends the session once all that its client asked for so far is done and answered. */
    void finish(CloseReason reason) {
        if (!isClosed()) {
            handler.afterAll(() -> closeOnceTaken(reason));
        }
    }

    /**
     * Between two polls, what waits is given to the next one and the goodbye to the one after that, or both to the websocket
     * that takes over, if they come soon: a poll of a session that is gone would be an error to the client.
     */
    private void closeOnceTaken(CloseReason reason) {
        synchronized (lock) {
            if (!closed && webSocket == null && poll == null) {
                ending = reason;
                closeAfter(LAST_POLL, reason);
                return;
            }
        }
        close(reason);
    }

    private void closeTransports(CloseReason reason) {
        if (candidate != null && !betweenTransports()) {
            candidate.close();
        }
        if (poll != null) {
            backlog.add(reason == CloseReason.TRANSPORT_CLOSE ? Frame.NOOP : Frame.CLOSE);
            flushTo(poll);
        }
        List<Frame> last = backlog.takeAll();
        if (webSocket != null) {
            // Without a close frame: the Java client leaves one unanswered and would notice nothing until its next
            // heartbeat.
            webSocket.close(last);
        }
    }

    /** Ends the session from where the handler must not hear of it yet, as inside a write, whose lock it may want. */
    void closeSoon(CloseReason reason) {
        context.executor().execute(() -> close(reason));
    }

    /** Ends the session later unless it ended before or the timeout was cancelled. */
    Timeout closeAfter(Duration delay, CloseReason reason) {
        return context.after(delay, () -> close(reason));
    }
}
