package com.cove.api.http;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The text of a request's body. API Gateway passes as base64 what it does not take for text. */
final class Body {
    /** Far above what the contract's largest request needs, even with every character escaped. */
    static final int MAX_BYTES = 256 * 1024;

    private Body() {}

    static String text(GatewayEvent event) {
        String body = event.body();
        if (body == null) {
            throw invalid("A JSON body is expected");
        }
        return event.base64() ? decoded(body) : limited(body);
    }

    private static String limited(String body) {
        // A char is at least one byte: the cheap question first.
        if (body.length() > MAX_BYTES || body.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw tooLarge();
        }
        return body;
    }

    private static String decoded(String base64) {
        if (base64.length() > (MAX_BYTES + 2) / 3 * 4) {
            throw tooLarge();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge();
            }
            // A new decoder reports what is no UTF-8 instead of replacing it.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalid("The body is not UTF-8 text");
        }
    }

    private static AppException tooLarge() {
        return new AppException(ErrorCode.PAYLOAD_TOO_LARGE, "A body has at most " + MAX_BYTES + " bytes");
    }

    private static AppException invalid(String message) {
        return new AppException(ErrorCode.INVALID_REQUEST, message);
    }
}
