package com.cove.socket.transport;

/** Something that is not Engine.IO or Socket.IO: the session ends. The message names the fault and holds no content. */
final class ProtocolException extends RuntimeException {
    ProtocolException(String fault) {
        super(fault, null, false, false);
    }
}
