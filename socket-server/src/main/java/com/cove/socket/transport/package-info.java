/**
 * The Socket.IO edge: Engine.IO 4 over websockets and HTTP long-polling, Socket.IO protocol 5 above it. The only package
 * that imports netty-socketio; it replaces those of its parts that do not keep to the protocols, each where its class says
 * so (docs/adr/0002).
 *
 * <p>Everything here runs on event loops and never blocks. What the application does – {@link
 * com.cove.socket.transport.ConnectionListener} – runs on virtual threads, one at a time and in order per session.
 */
@NullMarked
package com.cove.socket.transport;

import org.jspecify.annotations.NullMarked;
