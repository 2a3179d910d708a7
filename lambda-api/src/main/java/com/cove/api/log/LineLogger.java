package com.cove.api.log;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes what is at least of its level, as a {@link LogLine}, to standard output. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private final Level threshold;

    LineLogger(String name, Level threshold) {
        this.name = name;
        this.threshold = threshold;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    @Override
    public void log(LoggingEvent event) {
        List<KeyValuePair> fields = event.getKeyValuePairs();
        write(
                event.getLevel(),
                event.getMessage(),
                event.getArgumentArray(),
                fields == null ? List.of() : fields,
                event.getThrowable());
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        write(level, message, arguments, List.of(), failure);
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= threshold.toInt();
    }

    private void write(
            Level level,
            @Nullable String message,
            @Nullable Object @Nullable [] arguments,
            List<KeyValuePair> fields,
            @Nullable Throwable failure) {
        String text = Objects.requireNonNullElse(MessageFormatter.basicArrayFormat(message, arguments), "");
        byte[] line = LogLine.of(Instant.now(), level, name, text, fields, failure);
        // One write: Lambda takes each for an event of its own. Not kept from the start on: the runtime replaces the
        // stream.
        System.out.write(line, 0, line.length);
        System.out.flush();
    }
}
