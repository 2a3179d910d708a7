package com.cove.local.gateway;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The handlers behind the gateway. Event and answer cross as JSON, as they do in AWS. */
final class Routes {
    private final Map<String, ? extends RequestStreamHandler> handlers;

    /** @param handlers by route key, such as {@code GET /threads} */
    Routes(Map<String, ? extends RequestStreamHandler> handlers) {
        this.handlers = Map.copyOf(handlers);
    }

    /** The answer of the handler of this request; empty where no route matches. */
    Optional<HttpAnswer> answer(HttpRequest request) {
        String routeKey = request.method() + " " + request.rawPath();
        return Optional.ofNullable(handlers.get(routeKey)).map(handler -> call(handler, request, routeKey));
    }

    private static HttpAnswer call(RequestStreamHandler handler, HttpRequest request, String routeKey) {
        byte[] event = GatewayEvent.of(request, routeKey).toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(
                    new ByteArrayInputStream(event), answer, new InvocationContext(request.requestId(), routeKey));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HttpAnswer.of(answer.toByteArray());
    }
}
