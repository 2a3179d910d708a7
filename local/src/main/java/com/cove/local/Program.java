package com.cove.local;

import com.cove.db.DatabaseConfig;
import com.cove.model.config.ConfigException;
import java.util.Map;

/** What the programs of this module have in common: settings, sentences instead of stack traces, a clean end. */
final class Program {
    private Program() {}

    /** The start of a program: what it does and what it then says. */
    interface Start {
        AutoCloseable start(LocalConfig config) throws CannotStart;
    }

    /** Runs until Ctrl-C. Exit code 1, with one sentence, where the program cannot start. */
    static void run(Start start) throws InterruptedException {
        Map<String, String> environment = System.getenv();
        try {
            LocalConfig config = LocalConfig.fromEnvironment(environment);
            logTo(config);
            AutoCloseable running = start.start(config);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running)));
        } catch (CannotStart | ConfigException | IllegalArgumentException e) {
            fail(e);
        }
        Thread.currentThread().join();
    }

    /** Ends the program with one sentence. */
    static void fail(Exception reason) {
        System.err.println(reason.getMessage());
        System.exit(1);
    }

    /** The console stays readable: there go warnings only, everything else to a file. */
    static void logTo(LocalConfig config) {
        System.setProperty(
                "cove.log", config.dataDirectory().resolve("cove.log").toString());
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "local-logback.xml");
        }
    }

    static void say(String line) {
        System.out.println(line);
    }

    /** @throws CannotStart where {@code DATABASE_URL} is not set */
    static DatabaseConfig databaseOf(LocalConfig config) throws CannotStart {
        if (config.environment().getOrDefault("DATABASE_URL", "").isBlank()) {
            throw new CannotStart("DATABASE_URL is not set: it says which PostgreSQL to use,"
                    + " such as postgresql://user:password@localhost:5432/cove.");
        }
        return DatabaseConfig.forLocalUse(config.environment());
    }

    private static void stop(AutoCloseable running) {
        say("");
        say("Stopping");
        try {
            running.close();
            say("Stopped. Data is kept.");
        } catch (Exception e) {
            System.err.println("Not everything stopped as it should: " + e);
        }
    }
}
