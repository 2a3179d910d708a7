package com.cove.local.gateway;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The handlers behind the gateway. Event and answer cross as JSON, through the serialiser of the Lambda runtime, so that
 * a handler gets here what it gets in AWS.
 */
final class Routes {
    private static final PojoSerializer<APIGatewayV2HTTPEvent> EVENTS = serializer(APIGatewayV2HTTPEvent.class);
    private static final PojoSerializer<APIGatewayV2HTTPResponse> ANSWERS = serializer(APIGatewayV2HTTPResponse.class);

    private final Map<String, ? extends RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> handlers;

    /** @param handlers by route key, such as {@code GET /threads} */
    Routes(Map<String, ? extends RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> handlers) {
        this.handlers = Map.copyOf(handlers);
    }

    /** The answer of the handler of this request; empty where no route matches. */
    Optional<HttpAnswer> answer(HttpRequest request) {
        String routeKey = request.method() + " " + request.rawPath();
        return Optional.ofNullable(handlers.get(routeKey))
                .map(handler -> HttpAnswer.of(call(handler, request, routeKey)));
    }

    private static APIGatewayV2HTTPResponse call(
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
            HttpRequest request,
            String routeKey) {
        byte[] event = GatewayEvent.of(request, routeKey).toString().getBytes(StandardCharsets.UTF_8);
        APIGatewayV2HTTPResponse answer = handler.handleRequest(
                EVENTS.fromJson(new ByteArrayInputStream(event)), new InvocationContext(request.requestId(), routeKey));
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ANSWERS.toJson(answer, json);
        return ANSWERS.fromJson(new ByteArrayInputStream(json.toByteArray()));
    }

    private static <T> PojoSerializer<T> serializer(Class<T> type) {
        return LambdaEventSerializers.serializerFor(type, Routes.class.getClassLoader());
    }
}
