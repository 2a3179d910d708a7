package com.cove.socket.event;

import com.cove.socket.transport.Connection;

/** Something that follows connections. Called on the connection's virtual thread; may block, must not throw. */
public interface ConnectionObserver {
    /** A verified connection begins; what is sent to it now arrives after the reply to its CONNECT. */
    void connected(Connection connection);

    /** It ended; comes once for each beginning. */
    void disconnected(Connection connection);
}
