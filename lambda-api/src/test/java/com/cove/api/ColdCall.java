package com.cove.api;

import com.cove.api.hook.Hook;
import com.cove.api.thread.GetThreadsHandler;
import com.cove.auth.FakeTokens;
import com.cove.auth.FirebaseAuthConfig;
import com.cove.auth.FirebaseTokenVerifier;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/** What one plain call takes, in a JVM of its own: a token that is refused, and a list of threads. */
final class ColdCall {
    private ColdCall() {}

    /** Takes the database's URL. */
    public static void main(String[] arguments) throws IOException {
        FakeTokens tokens = new FakeTokens();
        FirebaseAuthConfig firebase = FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_PROJECT_ID", "cove-test"));
        refuse(new FirebaseTokenVerifier(firebase.projectId(), Clock.systemUTC()));
        try (Database database = Database.open(DatabaseConfig.of(arguments[0]).withPoolSize(1))) {
            byte[] event = Json.bytes(Map.of("headers", Map.of("authorization", "Bearer " + tokens.issue("ann"))));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            new GetThreadsHandler(new ApiServices(database, tokens, Hook.none()))
                    .handleRequest(new ByteArrayInputStream(event), answer, null);
            Reply.of(answer.toByteArray()).expect(200);
        }
    }

    private static void refuse(FirebaseTokenVerifier firebase) {
        try {
            firebase.verify("no.token.this");
        } catch (AppException e) {
            return;
        }
        throw new IllegalStateException("the token was accepted");
    }
}
