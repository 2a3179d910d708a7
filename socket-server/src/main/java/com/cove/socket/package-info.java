/**
 * The Socket.IO server as a program: its settings, its wiring, and {@link com.cove.socket.SocketEvents}, the table that says
 * which handler answers which event.
 */
@NullMarked
package com.cove.socket;

import org.jspecify.annotations.NullMarked;
