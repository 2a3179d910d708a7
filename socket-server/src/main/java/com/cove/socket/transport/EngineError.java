package com.cove.socket.transport;

import java.util.Locale;

/** What a refused request is answered: as Node's engine.io does, and for reasons it does not know in the same form. */
enum EngineError {
    UNKNOWN_TRANSPORT(0, "Transport unknown"),
    UNKNOWN_SESSION(1, "Session ID unknown"),
    BAD_HANDSHAKE_METHOD(2, "Bad handshake method"),
    BAD_REQUEST(3, "Bad request"),
    FORBIDDEN_ORIGIN(403, "\"code\":4,", "Forbidden"),
    UNSUPPORTED_PROTOCOL_VERSION(5, "Unsupported protocol version"),
    PAYLOAD_TOO_LARGE(413, "", "Payload too large"),
    TOO_MANY_HANDSHAKES(429, "", "Too many handshakes from this address"),
    TOO_MANY_SESSIONS(429, "", "Too many connections from this address"),
    DRAINING(503, "", "Server is shutting down");

    private final int status;
    private final String json;

    EngineError(int code, String message) {
        this(400, "\"code\":" + code + ",", message);
    }

    EngineError(int status, String code, String message) {
        this.status = status;
        this.json = "{" + code + "\"message\":\"" + message + "\"}";
    }

    int status() {
        return status;
    }

    String json() {
        return json;
    }

    /** As meters and log name it. */
    String cause() {
        return name().toLowerCase(Locale.ROOT);
    }
}
