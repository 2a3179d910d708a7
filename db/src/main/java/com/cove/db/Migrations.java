package com.cove.db;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings a database's schema up to date; forward only. Needs Flyway on the class path, which is optional here: a
 * program that only uses the stores does without it.
 */
public final class Migrations {
    private Migrations() {}

    /** What a schema is and what it could be, as version numbers; {@code current} is 0 in an empty database. */
    public record Status(String current, String newest) {
        public boolean isCurrent() {
            return current.equals(newest);
        }
    }

    /** Applies what is missing. Several programs may do so at once: one works, the others wait. */
    public static void migrate(DatabaseConfig config) {
        try (HikariDataSource pool = Pool.openForMigrations(config)) {
            flyway(pool).load().migrate();
        }
    }

    /** Compares the schema with the migrations known here, without changing it. */
    public static Status status(DatabaseConfig config) {
        try (HikariDataSource pool = Pool.openForMigrations(config)) {
            MigrationInfoService info = flyway(pool).load().info();
            MigrationInfo current = info.current();
            MigrationInfo[] all = info.all();
            return new Status(current == null ? "0" : version(current), version(all[all.length - 1]));
        } catch (FlywayException e) {
            throw new AppException(
                    ErrorCode.UNAVAILABLE, "The database cannot be reached: " + ConnectionTrouble.sentenceOf(e), e);
        }
    }

    /** For tests, which stop between versions. */
    static FluentConfiguration flyway(DataSource database) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .cleanDisabled(true);
    }

    private static String version(MigrationInfo info) {
        return String.valueOf(info.getVersion());
    }
}
