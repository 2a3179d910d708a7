package com.cove.local;

/** PostgreSQL alone, for parts that run in processes of their own: {@code make run-postgres}. */
public final class LocalPostgresMain {
    private LocalPostgresMain() {}

    /** Takes no arguments; settings are variables of the environment, docs/configuration.md. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.run(config -> {
            LocalPostgres postgres = LocalPostgres.start(config.dataDirectory(), config.databasePort());
            Program.say("DATABASE_URL=" + postgres.url() + "; Ctrl-C stops.");
            return postgres;
        });
    }
}
