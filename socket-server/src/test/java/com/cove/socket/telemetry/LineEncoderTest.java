package com.cove.socket.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.cove.socket.transport.CloseReason;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineEncoderTest {
    private final LineEncoder encoder = new LineEncoder();

    @Test
    void aLineHasWhatWasSaidByWhomAndWhenAndThenWhatWasAdded() {
        LoggingEvent event = event(null, Map.of("requestId", "r-1"));
        event.addKeyValuePair(new KeyValuePair("userId", new UserId("ann")));
        event.addKeyValuePair(new KeyValuePair("reason", CloseReason.SHUTDOWN));
        event.addKeyValuePair(new KeyValuePair("port", 3001));
        event.addKeyValuePair(new KeyValuePair("well", true));
        event.addKeyValuePair(new KeyValuePair("none", null));

        assertThat(line(event))
                .isEqualTo(
                        "{\"@timestamp\":\"2026-11-22T09:30:00.123456789Z\",\"message\":\"2 \\\"lines\\\"\\nof text\","
                                + "\"logger_name\":\"com.cove.Some\",\"thread_name\":\"event-7\",\"level\":\"INFO\",\"requestId\":\"r-1\","
                                + "\"userId\":\"ann\",\"reason\":\"server shutting down\",\"port\":3001,\"well\":true,\"none\":\"null\"}\n");
    }

    @Test
    void aFailureIsOneFieldOfTheSameLine() {
        String line = line(event(new IllegalStateException("gone", new IllegalArgumentException("cause")), Map.of()));

        assertThat(line).containsOnlyOnce("\n").endsWith("}\n");
        JsonNode trace = Json.parse(line).path("stack_trace");
        assertThat(trace.asText())
                .startsWith("java.lang.IllegalStateException: gone\n")
                .contains(
                        "Caused by: java.lang.IllegalArgumentException: cause",
                        "\tat " + getClass().getName());
    }

    private static LoggingEvent event(@Nullable Throwable failure, Map<String, String> context) {
        LoggingEvent event = new LoggingEvent(
                "",
                new LoggerContext().getLogger("com.cove.Some"),
                Level.INFO,
                "{} \"lines\"\nof text",
                failure,
                new Object[] {2});
        event.setThreadName("event-7");
        event.setMDCPropertyMap(context);
        event.setInstant(Instant.parse("2026-11-22T09:30:00.123456789Z"));
        return event;
    }

    private String line(LoggingEvent event) {
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
