package com.cove.api.http;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;

/** {@code Authorization: Bearer <token>}; the scheme's name is case-insensitive (RFC 9110). */
final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    static String of(GatewayEvent event) {
        String header = event.headers().get("authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new AppException(ErrorCode.UNAUTHENTICATED, "A bearer token is expected in the Authorization header");
        }
        return header.substring(SCHEME.length()).strip();
    }
}
