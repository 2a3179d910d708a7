package com.cove.socket.hook;

import com.cove.model.error.AppException;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.socket.fanout.Fanout;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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

    /** Some hundred bytes each. Beyond, a repeated call is delivered once more; messages are dropped by their seq then. */
    private static final int MAX_REMEMBERED = 100_000;

    private final HookSignature signature;
    private final Fanout fanout;
    /** Signatures that were taken, for as long as they may be valid: the window of a clock behind, and one of a clock ahead. */
    private final Cache<String, Boolean> taken = Caffeine.newBuilder()
            .expireAfterWrite(HookSignature.WINDOW.multipliedBy(2).plusSeconds(1))
            .maximumSize(MAX_REMEMBERED)
            .build();

    public HookEndpoint(HookSignature signature, Fanout fanout) {
        this.signature = signature;
        this.fanout = fanout;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
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
        return deliver(body, header);
    }

    private int deliver(String body, String header) {
        try {
            Delivery delivery = Delivery.fromJson(body);
            // What tells one call from another, however the rest of the header is written.
            String code = header.substring(header.indexOf(",v1=")).toLowerCase(Locale.ROOT);
            if (taken.asMap().putIfAbsent(code, true) == null) {
                fanout.deliver(delivery);
            }
            return 204;
        } catch (AppException e) {
            log.atWarn().addKeyValue("problem", e.safeMessage()).log("hook call that is no delivery");
            return 400;
        }
    }
}
