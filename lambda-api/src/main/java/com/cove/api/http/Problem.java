package com.cove.api.http;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.error.FieldError;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as a REST client sees it (RFC 9457).
 *
 * @param type {@code urn:cove:error:<code>}
 * @param detail a sentence for developers
 * @param code what programs decide on
 * @param requestId finds the request in our log
 * @param errors the fields at fault; only where there are any
 * @param retryAfterMs milliseconds to wait; only with {@code rate_limited}
 */
record Problem(
        String type,
        String title,
        int status,
        String detail,
        ErrorCode code,
        String requestId,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterMs) {

    static Problem of(AppException failure, RequestId requestId) {
        ErrorCode code = failure.code();
        return new Problem(
                "urn:cove:error:" + code.wireName(),
                code.title(),
                code.httpStatus(),
                failure.safeMessage(),
                code,
                requestId.value(),
                failure.errors(),
                failure.retryAfter().map(Duration::toMillis).orElse(null));
    }
}
