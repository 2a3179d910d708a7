package com.cove.model.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An error as a socket client sees it, in acknowledgements and in {@code connect_error}'s {@code data}.
 *
 * @param retryAfterMs milliseconds to wait; only with {@code rate_limited}
 */
public record ErrorBody(
        ErrorCode code,
        String message,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterMs) {

    public static ErrorBody of(AppException failure) {
        return new ErrorBody(
                failure.code(),
                failure.safeMessage(),
                failure.retryAfter().map(java.time.Duration::toMillis).orElse(null));
    }
}
