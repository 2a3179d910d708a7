package com.cove.local;

import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.MigrationException;
import com.cove.db.Migrations;
import com.cove.model.config.ConfigException;
import com.cove.model.error.AppException;
import com.cove.model.user.UserId;
import java.util.Arrays;
import java.util.Map;

/** Can we connect, is the schema current, how long does a query take: {@code make test-database}. */
public final class DatabaseCheckMain {
    private static final int WARM_UP = 100;
    private static final int QUERIES = 200;

    private DatabaseCheckMain() {}

    /** Takes no arguments. Exit code 1 where the answer to one of the questions is no. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        try {
            LocalConfig config = LocalConfig.fromEnvironment(environment);
            Program.logTo(config);
            System.exit(check(database(config)) ? 0 : 1);
        } catch (CannotStart | ConfigException | IllegalArgumentException | AppException | MigrationException e) {
            Program.fail(e);
        }
    }

    /** The database of {@code DATABASE_URL}, or else that of a running {@code make run}. */
    private static DatabaseConfig database(LocalConfig config) throws CannotStart {
        if (!config.environment().getOrDefault("DATABASE_URL", "").isBlank()) {
            return DatabaseConfig.forLocalUse(config.environment());
        }
        return DatabaseConfig.of(LocalPostgres.runningUrl(config.dataDirectory())
                .orElseThrow(() -> new CannotStart("There is no database to test:"
                        + " set DATABASE_URL, or start the local system with make run.")));
    }

    /** Prints the answers; true if all are yes. */
    static boolean check(DatabaseConfig config) throws CannotStart {
        Program.say("Database    " + Schema.address(config));
        Schema.requireReachable(config);
        Program.say("Connection  ok");
        Migrations.Status schema = Migrations.status(config);
        Program.say("Schema      version " + schema.current()
                + (schema.isCurrent()
                        ? ", current"
                        : " is not current, the newest is " + schema.newest() + ": start a program, it migrates"));
        if (schema.isCurrent()) {
            Program.say("Query       " + timing(config));
        }
        return schema.isCurrent();
    }

    private static String timing(DatabaseConfig config) {
        try (Database database = Database.open(config.withPoolSize(1))) {
            long[] nanos = new long[QUERIES];
            for (int i = -WARM_UP; i < QUERIES; i++) {
                long start = System.nanoTime();
                database.presence().lastSeen(new UserId("nobody"));
                nanos[Math.max(0, i)] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return "%.2f ms (median of %d; 95 %% took at most %.2f ms)"
                    .formatted(nanos[QUERIES / 2] / 1e6, QUERIES, nanos[QUERIES * 95 / 100] / 1e6);
        }
    }
}
