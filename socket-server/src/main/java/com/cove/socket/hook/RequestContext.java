package com.cove.socket.hook;

import com.sun.net.httpserver.Headers;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * The REST request that a call of the hook is made for: its id, API Gateway's, is in every line that this thread logs of the
 * call. It comes from a network and is not signed, so only what looks like such an id is taken.
 */
final class RequestContext implements AutoCloseable {
    static final String HEADER = "x-request-id";
    private static final String KEY = "requestId";
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_=+/.:-]{1,64}");

    private RequestContext() {}

    static RequestContext of(Headers headers) {
        String id = headers.getFirst(HEADER);
        if (id != null && FORM.matcher(id).matches()) {
            MDC.put(KEY, id);
        }
        return new RequestContext();
    }

    @Override
    public void close() {
        MDC.remove(KEY);
    }
}
