package com.cove.local;

/** The whole system: {@code make run}. */
public final class LocalMain {
    private LocalMain() {}

    /** Takes no arguments; settings are variables of the environment, docs/configuration.md. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.run(config -> {
            Program.say("Cove Messaging, all of it on this machine");
            LocalSystem system = LocalSystem.start(config, step -> Program.say("  " + step));
            Program.say("""
                      REST         http://localhost:%d
                      Socket.IO    http://localhost:%d
                      Log          %s

                    Ready. Open two windows of http://localhost:%d and talk; Ctrl-C stops.""".formatted(
                            system.apiPort(),
                            system.socketPort(),
                            config.dataDirectory().resolve("cove.log"),
                            system.apiPort()));
            return system;
        });
    }
}
