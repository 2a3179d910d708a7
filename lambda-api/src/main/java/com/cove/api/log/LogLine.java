package com.cove.api.log;

import com.cove.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * One line: {@code {timestamp, level, message, logger, …, exception?}}, between the two what the thread's {@link MDC} and the
 * caller add. Timestamp and level are where Lambda looks for them. Of a failure there are types and traces only.
 */
final class LogLine {
    /** A cause in the middle of a framework says where with the first few. */
    private static final int FRAMES = 40;

    private LogLine() {}

    static byte[] of(
            Instant time,
            Level level,
            String logger,
            String message,
            List<KeyValuePair> added,
            @Nullable Throwable failure) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString());
        fields.put("level", level.toString());
        fields.put("message", message);
        fields.put("logger", logger);
        Map<String, String> context = MDC.getCopyOfContextMap();
        if (context != null) {
            fields.putAll(context);
        }
        for (KeyValuePair field : added) {
            fields.put(field.key, plain(field.value));
        }
        if (failure != null) {
            fields.put("exception", trace(Redacted.of(failure)));
        }
        return (Json.text(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Numbers and truth values as such, so that filters can compare them; anything else as text. */
    private static Object plain(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
    }

    private static String trace(Redacted failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each instanceof Redacted one; each = each.getCause()) {
            text.append(text.isEmpty() ? "" : "\nCaused by: ").append(one.type());
            StackTraceElement[] frames = one.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
                text.append("\n\tat ").append(frames[i]);
            }
            if (frames.length > FRAMES) {
                text.append("\n\t… ").append(frames.length - FRAMES).append(" more");
            }
        }
        return text.toString();
    }
}
