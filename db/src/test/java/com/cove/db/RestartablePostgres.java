package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of a test's own, with one migrated database, which may be stopped, killed and brought back on the same port
 * with what it had committed. The programs connect as {@code cove}, who is no superuser; the statements of the test are the
 * superuser's, in the same database.
 */
public final class RestartablePostgres implements AutoCloseable {
    private static final String DATABASE = "cove";

    private final Path directory;
    private EmbeddedPostgres server;

    private RestartablePostgres(Path directory) throws IOException {
        this.directory = directory;
        this.server = open(0);
    }

    /** Starts one and migrates its database. */
    public static RestartablePostgres start() throws IOException {
        RestartablePostgres postgres = new RestartablePostgres(Files.createTempDirectory("cove-outage"));
        postgres.execute("postgres", "CREATE ROLE cove LOGIN");
        postgres.execute("postgres", "CREATE DATABASE cove OWNER cove");
        Migrations.migrate(postgres.config());
        return postgres;
    }

    public int port() {
        return server.getPort();
    }

    public DatabaseConfig config() {
        return config("localhost:" + port(), "");
    }

    /**
     * The database by another way.
     *
     * @param parameters of the URL, such as {@code ?options=…}, or nothing
     */
    public DatabaseConfig config(String hostAndPort, String parameters) {
        return DatabaseConfig.of("postgresql://cove@" + hostAndPort + "/" + DATABASE + parameters);
    }

    /** Connections that somebody holds now. */
    public static int connectionsInUse(Database database) {
        return database.connectionsInUse();
    }

    /** A fast shutdown, as of a restart that was planned: sessions are ended, what was committed is on disk. */
    public void stop() throws IOException {
        server.close();
    }

    /** SIGKILL to the postmaster and all its children. */
    public void kill() throws IOException {
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(
                        Files.readAllLines(data().resolve("postmaster.pid")).getFirst()))
                .orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        // Finds nothing to stop, and gives back the lock on the directory.
        server.close();
    }

    /** Brings it back, after {@link #stop} or {@link #kill}; returns once it takes connections. */
    public void startAgain() throws IOException {
        server = open(server.getPort());
    }

    /** Brings it back as a standby, whose primary sends nothing, until {@code pg_promote()}. */
    public void startAsStandby() throws IOException {
        Files.createFile(data().resolve("standby.signal"));
        startAgain();
    }

    public void execute(String sql) {
        execute(DATABASE, sql);
    }

    /** The first column of the first row, as text; null for an SQL null. */
    public @Nullable String ask(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as("a row of %s", sql).isTrue();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A superuser's connection; the caller closes it. */
    public Connection connect() throws SQLException {
        return connect(DATABASE);
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(RestartablePostgres::delete);
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    private EmbeddedPostgres open(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(TestDatabase.STARTUP)
                // Off by default in tests' servers: then a crash forgets what was acknowledged.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on");
        if (port != 0) {
            builder.setPort(port);
        }
        return builder.start();
    }

    private Connection connect(String name) throws SQLException {
        // May write, whatever a test told PostgreSQL about everybody else.
        String options = "?options=-c%20default_transaction_read_only=off";
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port() + "/" + name + options, "postgres", null);
    }

    private void execute(String name, String sql) {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
