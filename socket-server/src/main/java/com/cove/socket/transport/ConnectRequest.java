package com.cove.socket.transport;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A client asks for a namespace.
 *
 * @param auth the CONNECT packet's payload, JSON text, unparsed; empty where there was none
 * @param tokenParameter the {@code token} of the handshake's query, for clients that cannot send {@code auth}
 */
public record ConnectRequest(
        String namespace, String auth, @Nullable String tokenParameter) {

    /** The token, from {@code auth} or else from the query; {@code unauthenticated} where neither has one. */
    public String token() {
        JsonNode fromAuth = auth.isEmpty() ? null : Json.parse(auth).get("token");
        if (fromAuth != null && fromAuth.isTextual()) {
            return fromAuth.textValue();
        }
        if (tokenParameter != null) {
            return tokenParameter;
        }
        throw new AppException(ErrorCode.UNAUTHENTICATED, "A token is required: auth: {token}");
    }

    /** Holds a secret. */
    @Override
    public String toString() {
        return "ConnectRequest[" + namespace + "]";
    }
}
