package com.cove.local;

import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.MigrationException;
import com.cove.db.Migrations;
import com.cove.model.error.AppException;

/** Brings a database's schema up to date, with a sentence where that cannot be. */
final class Schema {
    private Schema() {}

    static void migrate(DatabaseConfig config) throws CannotStart {
        requireReachable(config);
        try {
            Migrations.migrate(config);
        } catch (MigrationException e) {
            throw new CannotStart(
                    "The schema of " + address(config) + " could not be brought up to date: " + e.getMessage(), e);
        }
    }

    static void requireReachable(DatabaseConfig config) throws CannotStart {
        try (Database database = Database.open(config.withPoolSize(1))) {
            database.check();
        } catch (AppException e) {
            throw new CannotStart(
                    "The database " + address(config)
                            + " cannot be reached: is PostgreSQL running there, and do user and password fit?",
                    e);
        }
    }

    /** Without credentials. */
    static String address(DatabaseConfig config) {
        return config.url().replaceFirst("^jdbc:", "");
    }
}
