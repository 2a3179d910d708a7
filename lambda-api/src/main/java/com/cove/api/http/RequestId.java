package com.cove.api.http;

import java.util.UUID;
import java.util.regex.Pattern;

/** Finds one request in the answer and in all logs: API Gateway's id, or one of ours where there is none. */
record RequestId(String value) {
    /** As API Gateway writes them, and safe in a header and in a line of a log. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_=+/.:-]{1,64}");

    static RequestId of(GatewayEvent event) {
        String id = event.requestId();
        return id != null && FORM.matcher(id).matches() ? new RequestId(id) : made();
    }

    static RequestId made() {
        return new RequestId(UUID.randomUUID().toString());
    }
}
