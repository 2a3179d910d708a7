package com.cove.socket.transport;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
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
        return text("token")
                .or(() -> Optional.ofNullable(tokenParameter))
                .orElseThrow(() -> new AppException(ErrorCode.UNAUTHENTICATED, "A token is required: auth: {token}"));
    }

    /** Where the client was connected before; clients from 4.6 say it by themselves. */
    Optional<FormerState> formerState() {
        return text("pid").map(pid -> new FormerState(pid, text("offset").orElse(null)));
    }

    private Optional<String> text(String field) {
        return auth.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(Json.parse(auth).get(field))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue);
    }

    /** Holds a secret. */
    @Override
    public String toString() {
        return "ConnectRequest[" + namespace + "]";
    }
}
