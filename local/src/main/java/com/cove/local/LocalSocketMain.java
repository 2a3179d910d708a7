package com.cove.local;

/** The socket server alone, in local mode, on the database of {@code DATABASE_URL}: {@code make run-socket}. */
public final class LocalSocketMain {
    private LocalSocketMain() {}

    /** Takes no arguments; settings are variables of the environment, docs/configuration.md. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.run(config -> {
            LocalSystem system =
                    LocalSystem.startSocket(config, Program.databaseOf(config), step -> Program.say("  " + step));
            Program.say("Socket.IO on http://localhost:%d, internal hook on port %d; Ctrl-C stops."
                    .formatted(system.socketPort(), system.internalPort()));
            return system;
        });
    }
}
