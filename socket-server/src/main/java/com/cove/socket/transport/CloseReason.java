package com.cove.socket.transport;

/** Why a connection ended; the text is what our log says. */
public enum CloseReason {
    /** The network connection went away or the client closed it. */
    TRANSPORT_CLOSE("transport close"),
    /** The client left the namespace. */
    CLIENT_DISCONNECT("client namespace disconnect"),
    /** No answer to a heartbeat. */
    PING_TIMEOUT("ping timeout"),
    /** Something that is not Engine.IO or Socket.IO, or too large. */
    PROTOCOL_ERROR("parse error"),
    /** No verified CONNECT in time. */
    CONNECT_TIMEOUT("connect timeout"),
    /** The CONNECT was refused. */
    REFUSED("refused"),
    /** Nobody can tell now whether the client may connect: it comes back by itself. */
    UNAVAILABLE("service unavailable"),
    /** The token expired and was not refreshed. */
    TOKEN_EXPIRED("token expired"),
    /** The token was revoked, or its user disabled or deleted. */
    TOKEN_REVOKED("token revoked"),
    /** On all nodes together its user has more connections than they may, and this is one of the youngest. */
    TOO_MANY_CONNECTIONS("too many connections"),
    /** It went on sending events long after it was told that they are too many. */
    FLOOD("too many events"),
    /** The client does not take what is sent to it. */
    SLOW_CLIENT("slow client"),
    /** The database was restored: what clients have seen may never have been. */
    HISTORY_CHANGED("database restored"),
    /** This server stops; clients reconnect elsewhere. */
    SHUTDOWN("server shutting down");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
