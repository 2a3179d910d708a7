package com.cove.db.schema;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody at a schema that this program does not know: its statements would fail there one by one, or do half of what is meant. It is
 * asked for before the first use case and again after some minutes, since a migration may take away what we use, and a restored
 * backup be older than us.
 */
public final class SchemaGate {
    /** The newest migration of this program. */
    public static final int PROGRAM = 10;

    private static final Logger LOG = LoggerFactory.getLogger(SchemaGate.class);
    private static final Duration KNOWN_FOR = Duration.ofMinutes(5);
    /** Short, so that all works soon after a migration; long enough to ask nothing for each of many calls. */
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);

    private static final String UNDEFINED_TABLE = "42P01";
    private static final String NO_RIGHTS = "42501";

    private final Jdbi jdbi;
    /** Not the time since the JVM's start, which stands still in a Lambda that is frozen or a snapshot. */
    private final InstantSource clock;

    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Look last;

    public SchemaGate(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    private record Look(Optional<String> problem, Instant at) {
        boolean holds(Instant now) {
            Duration age = Duration.between(at, now);
            return !age.isNegative() && age.compareTo(problem.isEmpty() ? KNOWN_FOR : UNKNOWN_FOR) < 0;
        }
    }

    /**
     * Returns where the schema is known.
     *
     * @throws AppException {@code unavailable} where it is not; a client may well find another server, or try again
     * @throws JdbiException where the database gives no answer
     */
    public void pass() {
        recent().problem.ifPresent(problem -> {
            throw new AppException(
                    ErrorCode.UNAVAILABLE,
                    "The database does not fit this version of the service",
                    new UnknownSchemaException(problem));
        });
    }

    /** Asks now: what is wrong with the schema; empty where this program can work with it. */
    public Optional<UnknownSchemaException> problem(Handle handle) {
        return look(handle).problem.map(UnknownSchemaException::new);
    }

    private Look recent() {
        Look known = last;
        if (known == null) {
            return jdbi.withHandle(this::look);
        }
        // Of many whose answer has become old, one asks and the others go on.
        if (known.holds(clock.instant()) || !looking.tryLock()) {
            return known;
        }
        try {
            return jdbi.withHandle(this::look);
        } finally {
            looking.unlock();
        }
    }

    private Look look(Handle handle) {
        Look before = last;
        Look look = new Look(problemOf(new SchemaDao(handle)), clock.instant());
        last = look;
        if (!look.problem.equals(before == null ? Optional.empty() : before.problem)) {
            look.problem.ifPresentOrElse(
                    problem -> LOG.atError().addKeyValue("problem", problem).log("unknown schema"),
                    () -> LOG.atInfo().log("the schema is known again"));
        }
        return look;
    }

    private static Optional<String> problemOf(SchemaDao dao) {
        try {
            return state(dao).problemFor(PROGRAM);
        } catch (JdbiException e) {
            if (NO_RIGHTS.equals(sqlState(e))) {
                return Optional.of("The database's user may not read flyway_schema_history and schema_contract:"
                        + " GRANT SELECT on both.");
            }
            throw e;
        }
    }

    private static SchemaState state(SchemaDao dao) {
        try {
            return dao.state();
        } catch (JdbiException e) {
            if (UNDEFINED_TABLE.equals(sqlState(e))) {
                return new SchemaState(version(dao), 0);
            }
            throw e;
        }
    }

    private static int version(SchemaDao dao) {
        try {
            return dao.version();
        } catch (JdbiException e) {
            if (UNDEFINED_TABLE.equals(sqlState(e))) {
                return 0;
            }
            throw e;
        }
    }

    private static @Nullable String sqlState(JdbiException failure) {
        return failure.getCause() instanceof SQLException sql ? sql.getSQLState() : null;
    }
}
