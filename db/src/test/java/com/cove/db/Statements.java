package com.cove.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.postgresql.PGStatement;

/** Listens to what the stores of one database execute, so that tests judge the real SQL and never copy it. */
public final class Statements {
    private final List<Executed> executed = new CopyOnWriteArrayList<>();

    private Statements() {}

    /**
     * A statement as PostgreSQL got it.
     *
     * @param sql with {@code ?} for parameters
     * @param withValues with the parameters' values in their places, but for those that the driver sends in binary
     */
    public record Executed(String sql, String withValues) {}

    /** Listens from now on; the newest listener of a database is the only one. */
    public static Statements of(TestDatabase database) {
        return of(database.database());
    }

    static Statements of(Database database) {
        Statements statements = new Statements();
        database.jdbi().setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                statements.executed.add(
                        new Executed(String.valueOf(context.getParsedSql().getSql()), values(context)));
            }
        });
        return statements;
    }

    /** What was executed since the last call. */
    public List<Executed> take() {
        List<Executed> taken = List.copyOf(executed);
        executed.clear();
        return taken;
    }

    private static String values(StatementContext context) {
        try {
            PreparedStatement statement = context.getStatement();
            return statement == null ? "" : statement.unwrap(PGStatement.class).toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
