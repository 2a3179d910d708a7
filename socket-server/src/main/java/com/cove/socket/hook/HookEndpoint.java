package com.cove.socket.hook;

import com.cove.model.error.AppException;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.socket.fanout.Fanout;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /internal/notify} takes a {@link Delivery}, signed as {@link HookSignature} says, and answers 204 once it is
 * handed to the connections here; 401 for a bad signature, 400 for a bad body. The same signed call again – a second try whose
 * first was taken, or one that somebody recorded – is answered as before and delivers nothing.
 */
public final class HookEndpoint implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(HookEndpoint.class);
    /** Above the largest delivery there is: a new thread of 256 members with the longest picture addresses, all escaped. */
    private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

    private final HookSignature signature;
    private final Fanout fanout;

    public HookEndpoint(HookSignature signature, Fanout fanout) {
        this.signature = signature;
        this.fanout = fanout;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                RequestContext _ = RequestContext.of(exchange.getRequestHeaders())) {
            exchange.sendResponseHeaders(status(exchange), -1);
        }
    }

    private int status(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return 405;
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            return 413;
        }
        String body = new String(bytes, StandardCharsets.UTF_8);
        String header = exchange.getRequestHeaders().getFirst(HookSignature.HEADER);
        if (header == null || !signature.accepts(header, body)) {
            log.atWarn().log("hook call with a missing or wrong signature");
            return 401;
        }
        return deliver(body);
    }

    private int deliver(String body) {
        try {
            Delivery delivery = Delivery.fromJson(body);
            fanout.deliver(delivery);
            log.atInfo()
                    .addKeyValue("event", delivery.change().eventName())
                    .addKeyValue("recipients", delivery.recipients().size())
                    .log("told by hook");
            return 204;
        } catch (AppException e) {
            log.atWarn().addKeyValue("problem", e.safeMessage()).log("hook call that is no delivery");
            return 400;
        }
    }
}
