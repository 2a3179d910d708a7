package com.cove.api.http;

import com.amazonaws.services.lambda.runtime.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What every line that is logged during one request says of it: {@code requestId}, API Gateway's; {@code invocation}, Lambda's, as in
 * its START and REPORT lines; and {@code trace}, X-Ray's, where there is one. And the one line that every request leaves.
 */
final class RequestLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    private static final String TRACE = "com.amazonaws.xray.traceHeader";

    private final long start = System.nanoTime();

    RequestLog(@Nullable Context context) {
        if (context != null && context.getAwsRequestId() != null) {
            MDC.put("invocation", context.getAwsRequestId());
        }
        String trace = System.getProperty(TRACE);
        if (trace != null) {
            MDC.put("trace", trace);
        }
    }

    RequestId identified(RequestId id) {
        MDC.put("requestId", id.value());
        return id;
    }

    GatewayAnswer answered(GatewayAnswer answer) {
        LOG.atInfo()
                .addKeyValue("status", answer.statusCode())
                .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
                .log("answered");
        return answer;
    }

    @Override
    public void close() {
        MDC.remove("requestId");
        MDC.remove("invocation");
        MDC.remove("trace");
    }
}
