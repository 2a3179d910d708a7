package com.cove.bench.reads;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * {@code GET /sync} of people who missed so many messages: each takes a cursor, then that many are sent to their thread, before
 * anything is measured.
 */
final class Syncs {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String base;
    private final Readers readers;
    private final int missed;
    private final int limit;
    private final ObjectMapper json = new ObjectMapper();

    /** Reads {@code missed} and {@code limit}. */
    Syncs(Settings settings, String base, Readers readers) throws Trouble {
        this.base = base;
        this.readers = readers;
        missed = settings.integer("missed", 20, 0);
        limit = settings.integer("limit", 200, 1);
    }

    Supplier<Question> prepare() throws Trouble, InterruptedException {
        String[] uris = new String[readers.count()];
        String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int reader = 0; reader < uris.length; reader++) {
                String cursor = call(client, new Question("/threads?limit=1", readers.token(reader), null, 200, ANY))
                        .path("cursor")
                        .asText();
                uris[reader] = "/sync?limit=" + limit + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
                for (int i = 1; i <= missed; i++) {
                    call(client, Questions.send(readers, reader, (long) reader * missed + i, run));
                }
            }
        }
        int rows = Math.min(limit, missed);
        return () -> {
            int reader = readers.any();
            return new Question(uris[reader], readers.token(reader), null, 200, Question.rows("seq", rows, true));
        };
    }

    private static final Question.Judge ANY = (bytes, length) -> null;

    private JsonNode call(HttpClient client, Question question) throws Trouble, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + question.uri()))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + question.token());
        if (question.body() != null) {
            request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(question.body()));
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != question.status()) {
                throw new Trouble("%s was answered with status %d.".formatted(question.uri(), response.statusCode()));
            }
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new Trouble("The server cannot be asked: " + e.getMessage());
        }
    }
}
