package com.cove.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.cove.api.http.ApiHandler;
import com.cove.auth.FakeTokens;
import com.cove.db.Database;
import com.cove.db.TestDatabase;
import com.cove.model.json.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All endpoints on a real database, called as API Gateway calls them. */
final class Api {
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
        ApiHandler handler = handlers.get(routeKey);
        if (handler == null) {
            throw new AssertionError("no handler for " + routeKey);
        }
        return Reply.of(handler.handleRequest(event, null));
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
