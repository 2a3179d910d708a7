package com.cove.socket;

import com.cove.db.RestartablePostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk for the messages of a PostgreSQL that a test can fill: a file system of its own in memory, where we may mount one (on
 * Linux as root, so in CI). Elsewhere PostgreSQL is made to say, before it stores a message, what it says of a full disk.
 */
final class SmallDisk implements AutoCloseable {
    private final RestartablePostgres postgres;
    private final Path directory = Files.createTempDirectory("cove-small-disk");
    private final Path ballast = directory.resolve("ballast");
    private final boolean mounted;

    SmallDisk(RestartablePostgres postgres) throws IOException {
        this.postgres = postgres;
        this.mounted = run("mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", directory.toString());
        if (mounted) {
            postgres.execute("CREATE TABLESPACE small LOCATION '" + directory + "'");
            postgres.execute("ALTER TABLE message SET TABLESPACE small");
        }
    }

    /** Until {@link #makeRoom} nothing can be added. */
    void fill() throws IOException {
        if (!mounted) {
            postgres.execute("""
                    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
                    CREATE TRIGGER no_room BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION no_room()""");
            return;
        }
        try (OutputStream file = Files.newOutputStream(ballast)) {
            byte[] page = new byte[4_096];
            while (true) {
                file.write(page);
            }
        } catch (IOException e) {
            // No space left on device, and that is what we want.
        }
    }

    void makeRoom() throws IOException {
        if (mounted) {
            Files.delete(ballast);
        } else {
            postgres.execute("DROP TRIGGER no_room ON message; DROP FUNCTION no_room");
        }
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            Files.deleteIfExists(ballast);
            postgres.execute("ALTER TABLE message SET TABLESPACE pg_default");
            postgres.execute("DROP TABLESPACE small");
            run("umount", directory.toString());
        }
        Files.delete(directory);
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectError(Redirect.DISCARD)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
