package com.cove.api.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * From which level on lines are written.
 *
 * @param ours of this project's own loggers
 * @param others of libraries, which tell much of what they do
 */
record Levels(Level ours, Level others) {
    private static final String OURS = "com.cove.";

    /** {@code AWS_LAMBDA_LOG_LEVEL}, which Lambda sets from a function's {@code LoggingConfig}; INFO without it. */
    static Levels fromEnvironment() {
        return of(System.getenv("AWS_LAMBDA_LOG_LEVEL"));
    }

    static Levels of(@Nullable String text) {
        Level level = level(text);
        return new Levels(level, level.toInt() < Level.WARN.toInt() ? Level.WARN : level);
    }

    Level forName(String logger) {
        return logger.startsWith(OURS) ? ours : others;
    }

    private static Level level(@Nullable String text) {
        String name = text == null ? "" : text.strip().toUpperCase(Locale.ROOT);
        return switch (name) {
            case "TRACE" -> Level.TRACE;
            case "DEBUG" -> Level.DEBUG;
            case "WARN" -> Level.WARN;
            case "ERROR", "FATAL" -> Level.ERROR;
            default -> Level.INFO;
        };
    }
}
