package com.cove.api.http;

import com.cove.api.log.Redacted;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.JsonText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers and errors as API Gateway takes them. Faults of ours are logged here, once. */
final class Responses {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    private Responses() {}

    static GatewayAnswer success(Answer answer) {
        return response(answer.status(), answer.body(), headers("application/json"));
    }

    static GatewayAnswer failure(AppException failure, RequestId requestId) {
        ErrorCode code = failure.code();
        log(failure);
        Map<String, String> headers = headers("application/problem+json");
        if (code == ErrorCode.UNAUTHENTICATED) {
            headers.put("www-authenticate", "Bearer");
        }
        failure.retryAfter().ifPresent(wait -> headers.put("retry-after", Long.toString(wholeSeconds(wait))));
        return response(code.httpStatus(), Problem.of(failure, requestId), headers);
    }

    private static GatewayAnswer response(int status, Record body, Map<String, String> headers) {
        return new GatewayAnswer(status, headers, JsonText.of(body), false);
    }

    /** An answer is one user's, and JSON whatever a browser would like to see in it. */
    private static Map<String, String> headers(String contentType) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", contentType);
        headers.put("cache-control", "no-store");
        headers.put("x-content-type-options", "nosniff");
        return headers;
    }

    /** HTTP knows whole seconds only: rounded up, so that nobody comes too early. */
    private static long wholeSeconds(Duration wait) {
        return wait.plusMillis(999).toSeconds();
    }

    /** With the id of the request, which is in the context of everything that is logged of it. */
    private static void log(AppException failure) {
        if (failure.code().httpStatus() >= 500) {
            LOG.atError()
                    .addKeyValue("code", failure.code().wireName())
                    .setCause(Redacted.of(failure))
                    .log("request failed");
        }
    }
}
