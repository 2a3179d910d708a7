package com.cove.api.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.util.Map;

/** {@code Authorization: Bearer <token>}; the scheme's name is case-insensitive (RFC 9110). */
final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    static String of(APIGatewayV2HTTPEvent event) {
        Map<String, String> headers = event.getHeaders();
        if (headers != null) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                if ("authorization".equalsIgnoreCase(header.getKey()) && header.getValue() != null) {
                    return token(header.getValue());
                }
            }
        }
        throw missing();
    }

    private static String token(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw missing();
        }
        return header.substring(SCHEME.length()).strip();
    }

    private static AppException missing() {
        return new AppException(ErrorCode.UNAUTHENTICATED, "A bearer token is expected in the Authorization header");
    }
}
