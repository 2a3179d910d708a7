package com.cove.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Brings schemas to where a release before or after this one has or will have them. */
public final class Schemas {
    private Schemas() {}

    /** An empty database with the schema of an earlier release. */
    public static void migrateTo(DatabaseConfig config, String version) {
        Migrations.flyway(Pool.forMigrations(config)).target(version).load().migrate();
    }

    /** A migration as the next release could bring it, applied to a schema that has all of ours. */
    public static void add(DatabaseConfig config, Path folder, String name, String sql) throws IOException {
        Migrations.flyway(Pool.forMigrations(config))
                .locations("classpath:db/migration", migration(folder, name, sql))
                .load()
                .migrate();
    }

    /** Writes a migration to a file; the answer is the location that Flyway finds it at. */
    static String migration(Path folder, String name, String sql) throws IOException {
        Files.writeString(folder.resolve(name), sql);
        return "filesystem:" + folder;
    }

    /** Runs statements as the owner. */
    public static void execute(DatabaseConfig config, String sql) {
        try (Connection connection = Pool.forMigrations(config).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static String ask(DatabaseConfig config, String sql) {
        try (Connection connection = Pool.forMigrations(config).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
