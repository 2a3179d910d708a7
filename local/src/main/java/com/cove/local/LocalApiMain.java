package com.cove.local;

/** REST and the chat page alone, in local mode, on the database of {@code DATABASE_URL}: {@code make run-api}. */
public final class LocalApiMain {
    private LocalApiMain() {}

    /** Takes no arguments; settings are variables of the environment, docs/configuration.md. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.run(config -> {
            LocalSystem system =
                    LocalSystem.startApi(config, Program.databaseOf(config), step -> Program.say("  " + step));
            Program.say("REST and the chat page on http://localhost:%d; Ctrl-C stops.".formatted(system.apiPort()));
            return system;
        });
    }
}
