package com.cove.auth;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Firebase writes into ID tokens of the project {@value #PROJECT}. */
final class IdTokens {
    static final String PROJECT = "cove-test";

    private IdTokens() {}

    /** To be added to. */
    static Map<String, Object> claims(String uid, Instant issuedAt, Instant expiresAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://securetoken.google.com/" + PROJECT);
        claims.put("aud", PROJECT);
        claims.put("sub", uid);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("auth_time", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        return claims;
    }
}
