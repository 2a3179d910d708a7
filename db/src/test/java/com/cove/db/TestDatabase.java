package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A migrated, empty database of its own for each test, in one real PostgreSQL per JVM. A copy of a template, so that it
 * costs some 50 ms. Closing it fails the test that left a connection in use or a transaction open.
 *
 * <p>As a parameter of test methods and constructors with {@link TestDatabaseExtension}, or by {@link #create()}.
 */
public final class TestDatabase implements AutoCloseable {
    /** For PostgreSQL to start, on a machine that builds something else as well. */
    static final Duration STARTUP = Duration.ofSeconds(60);

    private static final String TEMPLATE = "cove_template";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final DatabaseConfig config;
    private final Database database;

    private TestDatabase(String name) {
        this.name = name;
        this.config = configOf(name).withPoolSize(20);
        this.database = Database.open(config);
    }

    /** A migrated database without a row. */
    public static TestDatabase create() {
        String name = "test_" + NUMBER.incrementAndGet();
        Server.execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return new TestDatabase(name);
    }

    /** A database without any table, for tests of migrations; nobody drops it before the JVM ends. */
    public static DatabaseConfig createEmpty() {
        String name = "empty_" + NUMBER.incrementAndGet();
        Server.execute("CREATE DATABASE " + name);
        return configOf(name);
    }

    public DatabaseConfig config() {
        return config;
    }

    /** The same database, read as {@code DATABASE_URL}. */
    public String url() {
        return "postgresql://postgres:postgres@localhost:" + Server.POSTGRES.getPort() + "/" + name;
    }

    public Database database() {
        return database;
    }

    /** A connection beside the pool; the caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(config.url(), config.user(), config.password());
    }

    /** Provisions somebody called as their id. */
    public UserId user(String id) {
        UserId user = new UserId(id);
        database.users().provision(new UserProfile(user, id + "'s name", "https://example.com/" + id + ".png"));
        return user;
    }

    /** The first column of the first row, as text. */
    public String ask(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as("a row of %s", sql).isTrue();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Runs a statement as the server's owner, in another database. */
    static void administer(String sql) {
        Server.execute(sql);
    }

    /** Runs statements past the stores. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        try {
            // Connections come back a moment after the answer that a test waited for.
            await("connections left in use", () -> Integer.toString(database.connectionsInUse()));
            // One that was given up is closed by a thread of the pool's own.
            await(
                    "transactions left open",
                    () -> ask("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"));
        } finally {
            database.close();
            Server.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    private void await(String what, Supplier<String> count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!count.get().equals("0") && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        assertThat(count.get()).as("%s in %s", what, name).isEqualTo("0");
    }

    private static DatabaseConfig configOf(String name) {
        return DatabaseConfig.of("postgresql://postgres:postgres@localhost:" + Server.POSTGRES.getPort() + "/" + name);
    }

    /** Started with the first database, stopped with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        static {
            execute("CREATE DATABASE " + TEMPLATE);
            Migrations.migrate(DatabaseConfig.of(
                    "postgresql://postgres:postgres@localhost:" + POSTGRES.getPort() + "/" + TEMPLATE));
        }

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setPGStartupWait(STARTUP)
                        .setServerConfig("max_connections", "300")
                        // It takes transaction ids at times of its own, and tests count them.
                        .setServerConfig("autovacuum", "off")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void execute(String sql) {
            try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }
}
