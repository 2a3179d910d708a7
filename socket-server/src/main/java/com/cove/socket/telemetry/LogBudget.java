package com.cove.socket.telemetry;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/** Lines per second for what clients do wrong, so that nobody can fill the log. What was left out is counted. */
public final class LogBudget {
    private static final int LINES_PER_SECOND = 50;
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final Logger log;
    private long windowStart = System.nanoTime();
    private int lines;

    public LogBudget(Logger log) {
        this.log = log;
    }

    /** A line to be written; one that goes nowhere once the second's lines are used up. */
    public LoggingEventBuilder info() {
        return allows() ? log.atInfo() : NOPLoggingEventBuilder.singleton();
    }

    private synchronized boolean allows() {
        long now = System.nanoTime();
        if (now - windowStart >= WINDOW_NANOS) {
            if (lines > LINES_PER_SECOND) {
                log.atWarn().addKeyValue("lines", lines - LINES_PER_SECOND).log("log lines left out");
            }
            windowStart = now;
            lines = 0;
        }
        lines++;
        return lines <= LINES_PER_SECOND;
    }
}
