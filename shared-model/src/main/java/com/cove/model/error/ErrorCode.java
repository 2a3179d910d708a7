package com.cove.model.error;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The error codes of the wire contract, one list for sockets and REST. */
public enum ErrorCode {
    /** No valid token. The client signs in again or fetches a fresh token, then repeats. */
    UNAUTHENTICATED("unauthenticated", 401, "Sign in again", false),
    /** Known, but not allowed. Repeating does not help. */
    FORBIDDEN("forbidden", 403, "Not allowed", false),
    /** No such thing, or none that the caller may see: the two are not told apart. */
    NOT_FOUND("not_found", 404, "Not found", false),
    /** A field is missing, of the wrong type or out of range. The client corrects the request. */
    INVALID_REQUEST("invalid_request", 400, "Invalid request", false),
    /** More bytes than are read at all. The client sends less. */
    PAYLOAD_TOO_LARGE("payload_too_large", 413, "Payload too large", false),
    /** The same {@code clientMessageId} with other content. The client uses a new id. */
    CONFLICT("conflict", 409, "Conflict", false),
    /** Too many requests. The client waits {@code retryAfterMs}, then repeats. */
    RATE_LIMITED("rate_limited", 429, "Too many requests", true),
    /** The service or its database cannot answer just now. The client repeats, with a growing delay. */
    UNAVAILABLE("unavailable", 503, "Temporarily unavailable", true),
    /** A fault of ours. The client may repeat; the request id finds the cause in our log. */
    INTERNAL("internal", 500, "Internal error", true);

    private final String wireName;
    private final int httpStatus;
    private final String title;
    private final boolean retryable;

    ErrorCode(String wireName, int httpStatus, String title, boolean retryable) {
        this.wireName = wireName;
        this.httpStatus = httpStatus;
        this.title = title;
        this.retryable = retryable;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The short text of a problem document (RFC 9457 {@code title}). */
    public String title() {
        return title;
    }

    /** True if the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    @JsonCreator
    public static ErrorCode of(String wireName) {
        return Arrays.stream(values())
                .filter(code -> code.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such error code"));
    }
}
