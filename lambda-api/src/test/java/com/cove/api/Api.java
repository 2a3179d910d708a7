package com.cove.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.cove.api.http.ApiHandler;
import com.cove.auth.FakeTokens;
import com.cove.db.Database;
import com.cove.db.TestDatabase;
import com.cove.model.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All endpoints on a real database, called as API Gateway calls them. */
final class Api {
    private static final PojoSerializer<APIGatewayV2HTTPEvent> EVENTS =
            LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, Api.class.getClassLoader());

    final FakeTokens tokens = new FakeTokens();
    final RecordingHook hook = new RecordingHook();
    private final Map<String, ApiHandler> handlers;

    Api(TestDatabase database) {
        this(database.database());
    }

    Api(Database database) {
        this.handlers = ApiRoutes.handlers(new ApiServices(database, tokens, hook));
    }

    Reply post(String user, String path, Map<String, ?> body) {
        return postText(user, path, Json.text(body));
    }

    Reply postText(String user, String path, @Nullable String body) {
        APIGatewayV2HTTPEvent event = event(user);
        event.setBody(body);
        return call("POST " + path, event);
    }

    Reply get(String user, String path, Map<String, String> query) {
        APIGatewayV2HTTPEvent event = event(user);
        // API Gateway leaves the map out where there are no parameters.
        event.setQueryStringParameters(query.isEmpty() ? null : query);
        return call("GET " + path, event);
    }

    Reply call(String routeKey, APIGatewayV2HTTPEvent event) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        EVENTS.toJson(event, json);
        return call(routeKey, json.toByteArray());
    }

    /** With an event as it arrives, whatever it is. */
    Reply call(String routeKey, byte[] event) {
        ApiHandler handler = Objects.requireNonNull(handlers.get(routeKey));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event), answer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.of(answer.toByteArray());
    }

    /** An event with a valid token of the user. */
    APIGatewayV2HTTPEvent event(String user) {
        return APIGatewayV2HTTPEvent.builder()
                .withHeaders(new HashMap<>(Map.of("authorization", "Bearer " + tokens.issue(user))))
                .build();
    }

    /** Makes users known: each calls once. */
    void meet(String... users) {
        for (String user : users) {
            get(user, "/threads", Map.of()).expect(200);
        }
    }

    /** The id of the direct thread of two users. */
    String thread(String user, String other) {
        return post(user, "/create-thread", Map.of("participantIds", java.util.List.of(other)))
                .at("/thread/id");
    }

    /** The id of a new message. */
    String message(String user, String thread, String content) {
        return post(user, "/send-message", Map.of("threadId", thread, "content", content))
                .expect(201)
                .at("/message/id");
    }
}
