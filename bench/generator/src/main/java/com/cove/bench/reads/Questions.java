package com.cove.bench.reads;

import com.cove.bench.content.Content;
import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The kinds of requests; each reads its own settings. */
final class Questions {
    private static final int OK = 200;
    private static final int CREATED = 201;

    private Questions() {}

    static Supplier<Question> of(String kind, Settings settings, Readers readers) throws Trouble {
        return switch (kind) {
            case "history" -> history(settings, readers);
            case "threads" -> threads(settings, readers);
            case "send" -> send(readers);
            default -> throw new Trouble("kind must be history, threads, sync or send.");
        };
    }

    /** A page at any depth of a thread that has so many messages. */
    private static Supplier<Question> history(Settings settings, Readers readers) throws Trouble {
        int messages = settings.integer("messages", 100, 1);
        int limit = settings.integer("limit", 50, 1);
        return () -> {
            int reader = readers.any();
            int older = readers.upTo(messages);
            String uri = "/thread-messages?threadId=%s&limit=%d&before=%d"
                    .formatted(readers.threadId(reader), limit, older + 1);
            return new Question(
                    uri, readers.token(reader), null, OK, Question.rows("createdAt", Math.min(limit, older), false));
        };
    }

    private static Supplier<Question> threads(Settings settings, Readers readers) throws Trouble {
        String uri = "/threads?limit=" + settings.integer("limit", 20, 1);
        int rows = settings.integer("rows", 1, 0);
        return () ->
                new Question(uri, readers.token(readers.any()), null, OK, Question.rows("unreadCount", rows, false));
    }

    private static Supplier<Question> send(Readers readers) {
        String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        long[] sent = {0};
        return () -> send(readers, readers.any(), ++sent[0], run);
    }

    static Question send(Readers readers, int reader, long number, String run) {
        byte[] content = new byte[Content.LENGTH];
        Content.write(number, content, 0);
        String threadId = readers.threadId(reader);
        String body = "{\"threadId\":\"%s\",\"content\":\"%s\",\"clientMessageId\":\"%s-%d\"}"
                .formatted(threadId, new String(content, StandardCharsets.US_ASCII), run, number);
        return new Question(
                "/send-message",
                readers.token(reader),
                body,
                CREATED,
                Question.stored(number, threadId.getBytes(StandardCharsets.US_ASCII)));
    }
}
