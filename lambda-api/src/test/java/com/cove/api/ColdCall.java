package com.cove.api;

import com.cove.api.thread.GetThreadsHandler;
import com.cove.auth.FakeTokens;
import com.cove.auth.TokenVerifier;
import com.cove.db.Database;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** What one plain call takes, in a JVM of its own: a token that is refused, and a list of threads. */
final class ColdCall {
    private ColdCall() {}

    /** With the variables of a function. */
    public static void main(String[] arguments) throws IOException {
        FakeTokens tokens = new FakeTokens();
        ApiServices services = ApiServices.fromEnvironment();
        refuse(services.tokens());
        try (Database database = services.database()) {
            byte[] event = Json.bytes(Map.of("headers", Map.of("authorization", "Bearer " + tokens.issue("ann"))));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            new GetThreadsHandler(new ApiServices(database, tokens, services.hook()))
                    .handleRequest(new ByteArrayInputStream(event), answer, null);
            Reply.of(answer.toByteArray()).expect(200);
        }
    }

    private static void refuse(TokenVerifier firebase) {
        try {
            firebase.verify("no.token.this");
        } catch (AppException e) {
            return;
        }
        throw new IllegalStateException("the token was accepted");
    }
}
