package com.cove.socket.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;

/** The server's log: a JSON object a line, on standard output. By hand, because reading it from a file is a twentieth of a start. */
public final class Logging {
    private static final int LINES_WAITING = 1024;

    private Logging() {}

    /**
     * To be called before anything logs. Unless {@code -Dlogback.configurationFile} names a file that says how, the log is set up
     * here, by {@link LogProvider}.
     */
    public static void begin() {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("slf4j.provider", LogProvider.class.getName());
            // It would tell on standard error that it was told so.
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
    }

    static void setUp(LoggerContext context) {
        level(context, "com.corundumstudio", Level.WARN);
        // Of what it says of lost connections we have lines of our own, one for each outage and without stack traces.
        level(context, "com.zaxxer.hikari", Level.ERROR);
        level(context, "io.lettuce", Level.ERROR);
        level(context, Logger.ROOT_LOGGER_NAME, Level.INFO);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(async(context, console(context)));
    }

    private static void level(LoggerContext context, String logger, Level level) {
        context.getLogger(logger).setLevel(level);
    }

    /** One thread writes, so that none that serves somebody waits for who reads the log. Nothing is dropped. */
    private static AsyncAppender async(LoggerContext context, ConsoleAppender<ILoggingEvent> console) {
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setName("ASYNC");
        async.setQueueSize(LINES_WAITING);
        async.setDiscardingThreshold(0);
        async.addAppender(console);
        async.start();
        return async;
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("STDOUT");
        console.setEncoder(encoder);
        console.start();
        return console;
    }
}
