package com.cove.db.sql;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The one place that knows what PostgreSQL's error codes (SQLSTATE) mean to a client. */
final class Failures {
    private static final Set<String> REPEATABLE = Set.of(
            "40001", // serialization_failure
            "40P01"); // deadlock_detected
    private static final Set<String> UNAVAILABLE = Set.of(
            "25006", // read_only_sql_transaction: the primary became a replica under us
            "25P03", // idle_in_transaction_session_timeout
            "25P04", // transaction_timeout
            "55000", // object_not_in_prerequisite_state: "recovery is in progress", we are at a replica
            "55P03", // lock_not_available: lock_timeout
            "57014", // query_canceled: statement_timeout
            "57P01", // admin_shutdown
            "57P02", // crash_shutdown
            "57P03", // cannot_connect_now
            "57P05"); // idle_session_timeout
    private static final String CONNECTION_EXCEPTION = "08";
    private static final String INSUFFICIENT_RESOURCES = "53";
    /** Of the machine below PostgreSQL: a disk that cannot be read or written. */
    private static final String SYSTEM_ERROR = "58";

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DISK_FULL = "53100";

    private Failures() {}

    /** True where the same transaction may well succeed when run again at once. */
    static boolean repeatable(RuntimeException failure) {
        return sqlFailure(failure)
                .map(SQLException::getSQLState)
                .filter(REPEATABLE::contains)
                .isPresent();
    }

    static boolean diskFull(RuntimeException failure) {
        return sqlFailure(failure)
                .map(SQLException::getSQLState)
                .filter(DISK_FULL::equals)
                .isPresent();
    }

    /** True where a row of that key is there already. */
    static boolean breaks(String unique, RuntimeException failure) {
        return sqlFailure(failure)
                .filter(sql -> UNIQUE_VIOLATION.equals(sql.getSQLState()))
                .map(sql -> sql instanceof PSQLException psql ? psql.getServerErrorMessage() : null)
                .map(ServerErrorMessage::getConstraint)
                .filter(unique::equals)
                .isPresent();
    }

    /** {@code unavailable} where PostgreSQL cannot answer just now; anything else as it came, for an edge's {@code internal}. */
    static RuntimeException translated(RuntimeException failure) {
        return sqlFailure(failure).filter(Failures::temporary).isPresent()
                ? new AppException(ErrorCode.UNAVAILABLE, "The database cannot answer just now", failure)
                : failure;
    }

    private static boolean temporary(SQLException failure) {
        // The pool's own "no connection in time" carries no state, or that of the attempt to connect.
        if (failure instanceof SQLTransientConnectionException) {
            return true;
        }
        String state = failure.getSQLState();
        return state != null
                && (UNAVAILABLE.contains(state)
                        || REPEATABLE.contains(state)
                        || state.startsWith(CONNECTION_EXCEPTION)
                        || state.startsWith(INSUFFICIENT_RESOURCES)
                        || state.startsWith(SYSTEM_ERROR));
    }

    private static Optional<SQLException> sqlFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
