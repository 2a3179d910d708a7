package com.cove.socket.transport;

import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorBody;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import io.netty.util.Timeout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Socket.IO protocol 5 over one session: the gate that lets nothing pass before a CONNECT was verified, and the order in
 * which the application sees what the client did.
 *
 * <p>Replaces netty-socketio's InPacketHandler and PacketListener: there the namespace is joined at the Engine.IO
 * handshake (issue 902), a CONNECT without payload is not verified (issue 1067), events run before CONNECT and after a
 * refused one, and listeners run on the event loop (issues 249, 861).
 */
final class SocketProtocol implements PacketHandler {
    private static final Logger log = LoggerFactory.getLogger(SocketProtocol.class);
    /** How long a refused client has to read why, and to leave by itself or to come again. */
    private static final Duration REFUSED_LINGER = Duration.ofSeconds(2);

    private static final Duration OVERLOAD_PAUSE = Duration.ofSeconds(1);

    /** As with Node's server, a client may ask again in the same session: socket.io-client 3 with its next token does. */
    private static final int MAX_REFUSALS = 4;

    /** Joining and leaving in turn, in one session: more than any client does, and each is verified and told to others. */
    private static final int MAX_CONNECTS = 32;

    /** Each is answered, verified or not: more than any client has. */
    private static final int MAX_UNKNOWN_NAMESPACES = 16;

    /** For somebody verified to be let in, as many times as clients have to connect: a restart with ten thousand others takes so long. */
    private static final int IN_LINE = 3;

    private final EngineSession session;
    private final ConnectionListener listener;
    private final Mailbox mailbox;
    private Timeout connectTimeout;
    private final Map<String, Connection> connections = new HashMap<>(2);
    private @Nullable BinaryPacket incomplete;
    private int connects;
    private int refusals;
    private int unknownNamespaces;
    private boolean over;

    SocketProtocol(EngineSession session, ConnectionListener listener) {
        this.session = session;
        this.listener = listener;
        SessionContext context = session.context();
        this.mailbox =
                new Mailbox(context.executor(), context.config().buffers().mailboxBytes());
        this.connectTimeout = awaitConnect();
    }

    /** A packet whose attachments are still coming. */
    private record BinaryPacket(SocketPacket packet, List<byte[]> attachments) {}

    // --- received; on event loops ---

    @Override
    public synchronized void text(String text) {
        if (over) {
            return;
        }
        if (incomplete != null) {
            throw new ProtocolException("attachment expected");
        }
        SocketPacket packet = SocketPacket.parse(text, limits());
        if (packet.attachments() > 0) {
            openConnection(packet);
            incomplete = new BinaryPacket(packet, new ArrayList<>(packet.attachments()));
            return;
        }
        receive(packet, List.of());
    }

    @Override
    public synchronized void binary(byte[] message) {
        if (over) {
            return;
        }
        BinaryPacket waiting = incomplete;
        if (waiting == null) {
            throw new ProtocolException("unexpected attachment");
        }
        waiting.attachments.add(message);
        if (bytes(waiting.packet, waiting.attachments) > limits().maxPayloadBytes()) {
            throw new ProtocolException("attachments too large");
        }
        if (waiting.attachments.size() == waiting.packet.attachments()) {
            incomplete = null;
            receive(waiting.packet, waiting.attachments);
        }
    }

    private void receive(SocketPacket packet, List<byte[]> attachments) {
        switch (packet.type()) {
            case CONNECT -> connect(packet);
            case DISCONNECT -> disconnect(packet);
            case EVENT, BINARY_EVENT -> event(packet, attachments);
            // This server never asks for an acknowledgement: a stray one is no harm.
            case ACK, BINARY_ACK -> openConnection(packet);
            case CONNECT_ERROR -> throw new ProtocolException("connect error from a client");
        }
    }

    private void connect(SocketPacket packet) {
        String namespace = packet.namespace();
        if (refusals == MAX_REFUSALS || connections.containsKey(namespace)) {
            throw new ProtocolException("unexpected connect");
        }
        if (packet.jsonLength() > limits().maxEventBytes()) {
            throw new ProtocolException("connect payload too large");
        }
        if (!session.context().config().namespaces().contains(namespace)) {
            unknownNamespace(namespace);
            return;
        }
        connects++;
        if (connects > MAX_CONNECTS) {
            throw new ProtocolException("too many connects");
        }
        Connection connection = new Connection(session, namespace, Ids.random());
        connections.put(namespace, connection);
        if (refusals > 0) {
            connectTimeout.cancel();
            connectTimeout = awaitConnect();
        }
        ConnectRequest request = new ConnectRequest(namespace, packet.json(), session.tokenParameter());
        mailbox.add(() -> open(connection, request));
    }

    private void unknownNamespace(String namespace) {
        unknownNamespaces++;
        if (unknownNamespaces > MAX_UNKNOWN_NAMESPACES) {
            throw new ProtocolException("too many unknown namespaces");
        }
        session.send(SocketPacket.connectError(namespace, "{\"message\":\"Invalid namespace\"}"));
    }

    private void disconnect(SocketPacket packet) {
        Connection connection = openConnection(packet);
        connections.remove(packet.namespace());
        end(connection, CloseReason.CLIENT_DISCONNECT);
        if (connections.isEmpty()) {
            connectTimeout.cancel();
            connectTimeout = awaitConnect();
        }
    }

    private Timeout awaitConnect() {
        return session.closeAfter(session.context().config().timeouts().connect(), CloseReason.CONNECT_TIMEOUT);
    }

    private void event(SocketPacket packet, List<byte[]> attachments) {
        Connection connection = openConnection(packet);
        Acknowledgement acknowledgement = new Acknowledgement(connection, packet.ackId());
        InboundEvent event = new InboundEvent(packet.text(), packet.start(), attachments, acknowledgement);
        int bytes = bytes(packet, attachments);
        listener.refusal(connection)
                .or(() -> tooLarge(bytes))
                .or(() -> enqueue(connection, event, bytes))
                .ifPresent(why -> listener.rejected(connection, EventName.of(packet.json()), acknowledgement, why));
    }

    private Optional<AppException> tooLarge(int bytes) {
        return bytes <= limits().maxEventBytes()
                ? Optional.empty()
                : Optional.of(new AppException(ErrorCode.PAYLOAD_TOO_LARGE, "The event is too large"));
    }

    private Optional<AppException> enqueue(Connection connection, InboundEvent event, int bytes) {
        return mailbox.offer(() -> listener.received(connection, event), bytes)
                ? Optional.empty()
                : Optional.of(AppException.rateLimited("Too many events are waiting", OVERLOAD_PAUSE));
    }

    private TransportConfig.Packets limits() {
        return session.context().config().packets();
    }

    /** As Node does: a packet for a namespace that the client is not in ends the session. */
    private Connection openConnection(SocketPacket packet) {
        Connection connection = connections.get(packet.namespace());
        if (connection == null || !connection.isOpen()) {
            throw new ProtocolException("packet for a namespace that was not joined");
        }
        return connection;
    }

    private static int bytes(SocketPacket packet, List<byte[]> attachments) {
        long bytes = 64L + packet.jsonLength();
        for (byte[] attachment : attachments) {
            bytes += attachment.length;
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    @Override
    public void afterAll(Runnable last) {
        mailbox.add(last);
    }

    @Override
    public long waitingBytes() {
        return mailbox.weight();
    }

    @Override
    public void closed(CloseReason reason) {
        List<Connection> ended;
        synchronized (this) {
            over = true;
            connectTimeout.cancel();
            ended = List.copyOf(connections.values());
            connections.clear();
            incomplete = null;
        }
        ended.forEach(connection -> end(connection, reason));
    }

    // --- the application's side; on the session's virtual thread ---

    private void open(Connection connection, ConnectRequest request) {
        if (!isCurrent(connection)) {
            return;
        }
        try {
            VerifiedToken token = listener.authenticate(request);
            if (lineUp(connection)) {
                connection.verified(token, request.formerState());
                session.context().entrance().pass(() -> enter(connection));
            }
        } catch (AppException e) {
            refuse(connection, e);
        } catch (RuntimeException e) {
            log.error("A connection could not be opened", e);
            refuse(connection, new AppException(ErrorCode.INTERNAL, "Internal error"));
        }
    }

    /** Its own time to connect is over: from here on it waits for us. False for who has left. */
    private synchronized boolean lineUp(Connection connection) {
        if (!isCurrent(connection)) {
            return false;
        }
        if (connections.values().stream().noneMatch(Connection::isOpen)) {
            connectTimeout.cancel();
            Duration connect = session.context().config().timeouts().connect();
            connectTimeout = session.closeAfter(connect.multipliedBy(IN_LINE), CloseReason.UNAVAILABLE);
        }
        return true;
    }

    private void enter(Connection connection) {
        if (!isCurrent(connection)) {
            return;
        }
        listener.connected(connection);
        connection.announced();
        if (connection.open()) {
            stopWaiting();
        }
    }

    private synchronized void stopWaiting() {
        connectTimeout.cancel();
    }

    /** False from the moment on at which its client may know that it is closed. */
    private synchronized boolean isCurrent(Connection connection) {
        return connections.get(connection.namespace()) == connection && !session.isClosed();
    }

    /**
     * The client's {@code connect_error} carries the reason, and it does not come back by itself. So where the fault is ours and
     * passes, only the transport closes: then it does.
     */
    private void refuse(Connection connection, AppException failure) {
        if (failure.code() == ErrorCode.UNAVAILABLE || failure.code() == ErrorCode.INTERNAL) {
            session.close(CloseReason.UNAVAILABLE);
            return;
        }
        synchronized (this) {
            if (!connections.remove(connection.namespace(), connection)) {
                return;
            }
            refusals++;
            connectTimeout.cancel();
            connectTimeout = session.closeAfter(REFUSED_LINGER, CloseReason.REFUSED);
        }
        end(connection, CloseReason.REFUSED);
        String body = Json.text(ErrorBody.of(failure));
        session.send(SocketPacket.connectError(
                connection.namespace(), "{\"message\":\"" + failure.code().wireName() + "\",\"data\":" + body + "}"));
    }

    private void end(Connection connection, CloseReason reason) {
        connection.end();
        mailbox.add(() -> {
            if (connection.isAnnounced()) {
                listener.disconnected(connection, reason);
            }
        });
    }

    /** The name of an event that is not parsed, for the error that answers it. */
    private static final class EventName {
        private static final int MAX_LENGTH = 64;

        static String of(String json) {
            int start = json.indexOf('"') + 1;
            int end = json.indexOf('"', start);
            boolean plain = start > 0
                    && end - start <= MAX_LENGTH
                    && end > start
                    && StandardCharsets.US_ASCII.newEncoder().canEncode(json.substring(start, end));
            return plain ? json.substring(start, end) : "";
        }
    }
}
