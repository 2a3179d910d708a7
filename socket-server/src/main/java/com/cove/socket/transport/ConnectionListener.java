package com.cove.socket.transport;

import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import java.util.Optional;

/**
 * The application behind the edge. Called on virtual threads, so it may block; calls of one session come one at a time, in
 * the order in which the client caused them.
 */
public interface ConnectionListener {
    /**
     * Says who is connecting. Nothing else of this client is processed before.
     *
     * @throws AppException refuses the connection; the client's {@code connect_error} carries it
     */
    VerifiedToken authenticate(ConnectRequest request);

    /**
     * A connection begins, of a few at a time. What is sent to it from here on arrives after the reply to its CONNECT.
     *
     * @throws AppException refuses it; then it does not begin, and does not end
     */
    void connected(Connection connection);

    /** An event of a connected client. */
    void received(Connection connection, InboundEvent event);

    /**
     * Why the client may not send another event just now, if it may not. Asked for each, on event loops: never blocks.
     */
    Optional<AppException> refusal(Connection connection);

    /**
     * An event that is not handled, for a refusal, because it is too large or because too many wait already. Called on event
     * loops, out of order: it only answers, and never blocks.
     *
     * @param name as far as it could be read without parsing; may be empty
     */
    void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why);

    /** A connection ended; comes once for each {@link #connected}, after all its events. */
    void disconnected(Connection connection, CloseReason reason);
}
