package com.cove.socket.event;

import java.time.Duration;
import org.slf4j.Logger;

/** Lines per second for what clients do wrong, so that nobody can fill the log. What was left out is counted. */
final class LogBudget {
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final Logger log;
    private final int linesPerSecond;
    private long windowStart = System.nanoTime();
    private int lines;

    LogBudget(Logger log, int linesPerSecond) {
        this.log = log;
        this.linesPerSecond = linesPerSecond;
    }

    synchronized boolean allows() {
        long now = System.nanoTime();
        if (now - windowStart >= WINDOW_NANOS) {
            if (lines > linesPerSecond) {
                log.atWarn().addKeyValue("lines", lines - linesPerSecond).log("log lines left out");
            }
            windowStart = now;
            lines = 0;
        }
        lines++;
        return lines <= linesPerSecond;
    }
}
