package com.cove.db;

import com.cove.db.schema.SchemaGate;
import com.cove.db.schema.SchemaState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Brings a database's schema up to date; forward only, while programs of the version before go on working. Needs Flyway on the class path,
 * which is optional here: a program that only uses the stores does without it.
 */
public final class Migrations {
    private static final String DEFAULT_LOCATION = "classpath:db/migration";
    /** Seconds, one try each: another program may be building an index. */
    private static final int WAIT_FOR_OTHERS = 600;

    private Migrations() {}

    /** What a schema is and what it could be, as version numbers; {@code current} is 0 in an empty database. */
    public record Status(int current, int newest) {
        public boolean isCurrent() {
            return current == newest;
        }
    }

    /** The version before, and the version now: of the newest migration known here, or newer if the schema was. */
    public record Outcome(int before, int now) {}

    /**
     * Applies what is missing. Several programs may do so at once: one works, the others wait. Each migration is a transaction, and waits at
     * most 5 s for a lock, since everybody else waits behind it meanwhile.
     *
     * @throws MigrationException where the database does not answer within 10 s or lets us not, where a migration fails, and where the
     *     schema is a newer one that no longer serves this program
     */
    public static Outcome migrate(DatabaseConfig config) {
        return migrate(config, DEFAULT_LOCATION);
    }

    /** For tests, which bring migrations of their own. */
    static Outcome migrate(DatabaseConfig config, String... locations) {
        DataSource database = reached(config);
        Flyway flyway = flyway(database).locations(locations).load();
        int before = 0;
        try {
            before = current(flyway);
            flyway.migrate();
            Outcome outcome = new Outcome(before, current(flyway));
            new SchemaState(outcome.now, servesFrom(database))
                    .problemFor(SchemaGate.PROGRAM)
                    .ifPresent(problem -> {
                        throw new MigrationException(problem);
                    });
            return outcome;
        } catch (FlywayValidateException e) {
            throw new MigrationException(mismatch(flyway), e);
        } catch (FlywayException e) {
            throw new MigrationException(failure(flyway, e), e);
        } catch (SQLException e) {
            throw new MigrationException(sentence(e).orElse("The schema does not say whom it serves."), e);
        }
    }

    /**
     * Compares the schema with the migrations known here, without changing it.
     *
     * @throws MigrationException where the database does not answer
     */
    public static Status status(DatabaseConfig config) {
        Flyway flyway = flyway(reached(config)).load();
        try {
            return new Status(current(flyway), SchemaGate.PROGRAM);
        } catch (FlywayException e) {
            throw new MigrationException("The schema's version cannot be read: " + reason(e), e);
        }
    }

    /** For tests, which stop between versions. */
    static FluentConfiguration flyway(DataSource database) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database)
                .locations(DEFAULT_LOCATION)
                .lockRetryCount(WAIT_FOR_OTHERS)
                .cleanDisabled(true);
    }

    private static DataSource reached(DatabaseConfig config) {
        DataSource database = Pool.forMigrations(config);
        try (Connection _ = database.getConnection()) {
            return database;
        } catch (SQLException e) {
            throw new MigrationException(noConnection(e), e);
        }
    }

    private static String noConnection(SQLException failure) {
        return "The database cannot be reached: " + ConnectionTrouble.sentenceOf(failure) + ".";
    }

    private static int current(Flyway flyway) {
        return Stream.of(flyway.info().applied())
                .filter(migration -> !migration.getState().isFailed())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .mapToInt(version -> version.getMajor().intValueExact())
                .max()
                .orElse(0);
    }

    private static int servesFrom(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT serves_from FROM schema_contract")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    /** Why the history in the database and the migrations here do not belong together. */
    private static String mismatch(Flyway flyway) {
        MigrationInfo[] all = flyway.info().all();
        String failed = versions(all, info -> info.getState().isFailed());
        if (!failed.isEmpty()) {
            return halfway(failed);
        }
        String changed = versions(all, info -> !info.isChecksumMatching());
        if (!changed.isEmpty()) {
            return "Migration " + changed + " is not the one that was applied to this database (its checksum differs):"
                    + " it must never be changed. Use the release that it came with.";
        }
        String missing = versions(
                all,
                info -> info.getState() == MigrationState.MISSING_SUCCESS || info.getState() == MigrationState.IGNORED);
        return "The schema's history is not that of this program: see migration " + missing + ".";
    }

    private static String halfway(String migration) {
        return "Migration " + migration + ", which is no transaction, failed halfway: undo by hand what it did,"
                + " its row of flyway_schema_history included, and migrate again.";
    }

    private static String versions(MigrationInfo[] all, Predicate<MigrationInfo> which) {
        return Stream.of(all)
                .filter(which)
                .map(info -> String.valueOf(info.getVersion()))
                .collect(Collectors.joining(", "));
    }

    private static String failure(Flyway flyway, FlywayException failure) {
        SQLException sql = sqlFailure(failure);
        if (sql == null) {
            return "The schema was not brought up to date: "
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        }
        if (failure instanceof FlywayMigrateException migration && !migration.isExecutableInTransaction()) {
            return halfway(next(flyway)) + " The reason: " + primary(sql);
        }
        return sentence(sql)
                .orElseGet(() -> "Migration " + next(flyway)
                        + " failed and was undone; the programs go on with the schema" + " as it is: " + primary(sql));
    }

    private static String next(Flyway flyway) {
        try {
            MigrationInfo[] pending = flyway.info().pending();
            return pending.length == 0 ? "" : String.valueOf(pending[0].getVersion());
        } catch (FlywayException e) {
            return "";
        }
    }

    private static String reason(FlywayException failure) {
        SQLException sql = sqlFailure(failure);
        return sql == null ? failure.getClass().getSimpleName() : sentence(sql).orElseGet(() -> primary(sql));
    }

    /** What somebody who migrates can do about a failure; empty for one that is the migration's own. */
    private static Optional<String> sentence(SQLException failure) {
        if (failure instanceof NoConnection) {
            return Optional.of(noConnection(failure));
        }
        String state = Objects.requireNonNullElse(failure.getSQLState(), "");
        return Optional.ofNullable(
                switch (state) {
                    case "42501" -> "The database's user may not change the schema: " + primary(failure) + ".";
                    case "25006" -> "The database only reads now: it is a replica, or somebody set it so.";
                    case "55P03" ->
                        "Something holds a lock on a table for longer than 5 s, such as a long query or a dump:"
                                + " nothing was changed, migrate again when it has ended.";
                    default ->
                        state.startsWith("08") || state.startsWith("57P")
                                ? "The database cannot be reached, or went away: what was not finished is undone; migrate again."
                                : null;
                });
    }

    /** PostgreSQL's first line. Its details would quote a row. */
    private static String primary(SQLException failure) {
        return failure instanceof PSQLException psql && psql.getServerErrorMessage() != null
                ? String.valueOf(psql.getServerErrorMessage().getMessage())
                : failure.getClass().getSimpleName();
    }

    private static @Nullable SQLException sqlFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
