package com.cove.local.lambda;

import com.cove.db.TestDatabase;
import com.cove.model.json.Json;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.user.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a function finds around it: PostgreSQL, in which Ben has written to Ann, and Google. */
record World(TestDatabase database, GoogleKeys google) {
    static final String PROJECT = "cove-test";
    private static final UserId ANN = new UserId("ann");

    /** The names of the files of test-events. */
    static List<String> events() {
        try (Stream<Path> files = Files.list(Path.of("../test-events"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.replace(".json", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> options() {
        return google.options();
    }

    Map<String, String> variables() {
        return variables(database.url());
    }

    static Map<String, String> variables(String databaseUrl) {
        return new HashMap<>(Map.of(
                "DATABASE_URL",
                databaseUrl + "?sslmode=disable",
                "FIREBASE_PROJECT_ID",
                PROJECT,
                "firebaseSDK",
                "cove/firebase"));
    }

    String token() {
        return google.token(PROJECT, "ann");
    }

    /** A file of test-events, with Ann's token and the ids of what there is. */
    String event(String file) throws IOException {
        UserId ben = database.user("ben");
        database.user("ann");
        String thread = database.database()
                .threads()
                .create(ben, new CreateThread(List.of(ANN), null))
                .thread()
                .id()
                .value();
        String message = database.database()
                .messages()
                .send(ben, new SendMessage(new com.cove.model.thread.ThreadId(thread), "Hi", null))
                .message()
                .id()
                .value();
        String cursor = database.database()
                .threads()
                .list(ANN, new ListThreads(null, null))
                .cursor()
                .value();
        return Files.readString(Path.of("../test-events/" + file + ".json"))
                .replace("ID_TOKEN", token())
                .replace("01935c2e-5a00-7000-8000-000000000001", thread)
                .replace("01935c2e-5a00-7000-8000-000000000101", message)
                .replace("CURSOR", cursor);
    }

    /** The least that the event of a GET is. */
    String get(Map<String, String> query) {
        return Json.text(Map.of(
                "version",
                "2.0",
                "headers",
                Map.of("authorization", "Bearer " + token()),
                "queryStringParameters",
                query,
                "requestContext",
                Map.of("requestId", "VKbzVgr1DoEEMgw="),
                "isBase64Encoded",
                false));
    }
}
