package com.cove.db.schema;

import java.util.Optional;

/**
 * What a schema says of itself. A program is named by the number of the newest migration it was built with, and fits a schema that is
 * as new or newer, as long as the schema still serves programs that old.
 *
 * @param version of its newest migration; 0 where there is none
 * @param servesFrom the oldest program that it serves; 0 before version 7, which began to say it
 */
public record SchemaState(int version, int servesFrom) {
    /** Why a program cannot work with it, in one sentence; empty where it can. */
    public Optional<String> problemFor(int program) {
        if (version == 0) {
            return Optional.of("The database has no schema yet: run socket-server.jar migrate first.");
        }
        if (version < program) {
            return Optional.of("The schema is at version " + version + ", and this program needs version " + program
                    + " or newer: run socket-server.jar migrate of this release first.");
        }
        if (program < servesFrom) {
            return Optional.of("The schema is at version " + version + " and serves programs from version " + servesFrom
                    + " on, and this one is of version " + program + ": start a newer release.");
        }
        return Optional.empty();
    }
}
