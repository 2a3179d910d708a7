package com.cove.api.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

class LogLineTest {
    @Test
    void aLineIsOneObjectWithAllThatIsKnown() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String written = written(() -> {
            MDC.put("requestId", "request-1");
            try {
                LoggerFactory.getLogger("com.cove.api.Some")
                        .atWarn()
                        .addKeyValue("status", 503)
                        .addKeyValue("what", "a \"line\"\nand another")
                        .log("something {} happened", "odd");
            } finally {
                MDC.remove("requestId");
            }
        });

        assertThat(written).endsWith("}\n").containsOnlyOnce("\n");
        JsonNode line = Json.parse(written);
        assertThat(line.fieldNames())
                .toIterable()
                .containsExactly("timestamp", "level", "message", "logger", "requestId", "status", "what");
        assertThat(Instant.parse(line.at("/timestamp").asText())).isBetween(before, Instant.now());
        assertThat(line.at("/level").asText()).isEqualTo("WARN");
        assertThat(line.at("/message").asText()).isEqualTo("something odd happened");
        assertThat(line.at("/logger").asText()).isEqualTo("com.cove.api.Some");
        assertThat(line.at("/requestId").asText()).isEqualTo("request-1");
        assertThat(line.at("/status").isNumber()).isTrue();
        assertThat(line.at("/what").asText()).isEqualTo("a \"line\"\nand another");
    }

    @Test
    void ofAFailureThereAreTypesAndTracesOnly() {
        Exception failure = new IllegalStateException("secret text", new IOException("secret cause"));
        String line = new String(
                LogLine.of(Instant.EPOCH, Level.ERROR, "com.cove.x", "failed", List.of(), failure),
                StandardCharsets.UTF_8);

        assertThat(line)
                .contains("java.lang.IllegalStateException\\n\\tat ", "Caused by: java.io.IOException", "LogLineTest")
                .doesNotContain("secret");
    }

    @Test
    void aLongTraceIsCut() {
        Exception failure = new Exception();
        failure.setStackTrace(
                java.util.Collections.nCopies(1_000, failure.getStackTrace()[0]).toArray(StackTraceElement[]::new));
        byte[] line = LogLine.of(Instant.EPOCH, Level.ERROR, "com.cove.x", "failed", List.of(), failure);

        assertThat(new String(line, StandardCharsets.UTF_8)).contains("… 960 more");
        assertThat(line.length).isLessThan(10_000);
    }

    @Test
    void librariesAreHeardFromWarnOnAndOursAsLambdaSays() {
        Levels levels = Levels.of(null);
        assertThat(levels.forName("com.cove.api.X")).isEqualTo(Level.INFO);
        assertThat(levels.forName("com.zaxxer.hikari.X")).isEqualTo(Level.WARN);
        assertThat(Levels.of("error").forName("com.cove.api.X")).isEqualTo(Level.ERROR);
        assertThat(Levels.of("FATAL").forName("com.zaxxer.hikari.X")).isEqualTo(Level.ERROR);
        assertThat(Levels.of("DEBUG").forName("com.zaxxer.hikari.X")).isEqualTo(Level.WARN);
        Logger library = new Loggers(levels).getLogger("com.zaxxer.hikari.X");
        assertThat(written(() -> library.info("starting"))).isEmpty();
    }

    private static String written(Runnable work) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
