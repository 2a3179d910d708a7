package com.cove.local;

import com.cove.db.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of our own whose data stays. It commits as a server does, {@code fsync} included: what is said here of
 * durability and speed holds elsewhere. One program at a time uses a data directory; a PostgreSQL that a killed program
 * left running is stopped first.
 */
final class LocalPostgres implements AutoCloseable {
    private static final Duration STARTUP = Duration.ofSeconds(30);
    private static final int SHUTDOWN_SECONDS = 20;
    private static final String USER = "postgres";

    private final EmbeddedPostgres server;
    private final FileLock lock;

    private LocalPostgres(EmbeddedPostgres server, FileLock lock) {
        this.server = server;
        this.lock = lock;
    }

    /**
     * @param directory made where it does not exist
     * @param preferredPort used if it is free
     */
    static LocalPostgres start(Path directory, int preferredPort) throws CannotStart {
        FileLock lock = lock(directory);
        try {
            Path data = directory.resolve("postgres");
            stopLeftover(data);
            return new LocalPostgres(open(data, directory.resolve("postgres.log"), preferredPort), lock);
        } catch (IOException | IllegalStateException e) {
            release(lock);
            throw new CannotStart(
                    "PostgreSQL did not start: see " + directory.resolve("postgres.log") + " for the reason.", e);
        } catch (CannotStart e) {
            release(lock);
            throw e;
        }
    }

    /** As {@code DATABASE_URL}. */
    String url() {
        return "postgresql://" + USER + "@localhost:" + server.getPort() + "/postgres";
    }

    DatabaseConfig config() {
        return DatabaseConfig.of(url());
    }

    /** Where the database of a running system is, from outside of it; empty where none runs on this directory. */
    static Optional<String> runningUrl(Path directory) {
        Path pidFile = directory.resolve("postgres").resolve("postmaster.pid");
        return leftover(pidFile)
                .flatMap(_ -> line(pidFile, 3))
                .map(port -> "postgresql://" + USER + "@localhost:" + port + "/postgres");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL did not stop", e);
        } finally {
            release(lock);
        }
    }

    private static EmbeddedPostgres open(Path data, Path log, int preferredPort) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(STARTUP)
                .setOutputRedirector(Redirect.appendTo(log.toFile()))
                .setErrorRedirector(Redirect.appendTo(log.toFile()))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "localhost")
                .setServerConfig("max_connections", "100");
        if (preferredPort != 0 && Ports.isFree(preferredPort)) {
            builder.setPort(preferredPort);
        }
        return builder.start();
    }

    private static FileLock lock(Path directory) throws CannotStart {
        @Nullable FileLock lock;
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            throw new CannotStart("The data directory " + directory + " cannot be written: " + e.getMessage(), e);
        }
        if (lock == null) {
            throw new CannotStart("Cove is running already on the data directory " + directory
                    + ": stop that one, or set LOCAL_DATA to another directory.");
        }
        return lock;
    }

    private static void release(FileLock lock) {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new IllegalStateException("a lock could not be given back", e);
        }
    }

    /** We hold the lock, so nobody uses this PostgreSQL any more. */
    private static void stopLeftover(Path data) throws CannotStart {
        Optional<ProcessHandle> leftover = leftover(data.resolve("postmaster.pid"));
        if (leftover.isEmpty()) {
            return;
        }
        try {
            leftover.get().destroy();
            leftover.get().onExit().get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("Interrupted while a PostgreSQL of an earlier run was stopping.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new CannotStart(
                    "A PostgreSQL of an earlier run does not stop: end process "
                            + leftover.get().pid() + ", then start again.",
                    e);
        }
    }

    /** The PostgreSQL that the pid file speaks of, if it still runs. */
    private static Optional<ProcessHandle> leftover(Path pidFile) {
        return line(pidFile, 0)
                .map(Long::parseLong)
                .flatMap(ProcessHandle::of)
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    }

    private static Optional<String> line(Path file, int number) {
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.size() > number ? Optional.of(lines.get(number).strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
