package com.cove.api.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.UUID;

/** Finds one request in the answer and in the log: API Gateway's id, or one of ours where there is none. */
record RequestId(String value) {
    static RequestId of(APIGatewayV2HTTPEvent event) {
        APIGatewayV2HTTPEvent.RequestContext context = event.getRequestContext();
        String id = context == null ? null : context.getRequestId();
        return new RequestId(id == null || id.isBlank() ? UUID.randomUUID().toString() : id);
    }
}
