package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Migrations run while servers of the release before are at work: they add, and lock nobody out. One that takes away what those use must
 * say that they are no longer served, a release after nobody used it any more (docs/adr/0026-schema-contract.md). Squawk reads them.
 */
class MigrationRulesTest {
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    /** Those before were made when nothing was deployed yet. */
    private static final int FIRST_JUDGED = 7;

    private static final String RAISED = "UPDATE schema_contract SET serves_from";
    /** What an older program notices. */
    private static final String TAKING_AWAY =
            "ban-drop-column,ban-drop-table,ban-drop-view,ban-drop-function,ban-drop-default,"
                    + "ban-drop-constraint,ban-drop-not-null,renaming-column,renaming-table,renaming-object,changing-column-type,"
                    + "adding-required-field,adding-not-nullable-field";

    private static final Pattern UNKNOWN_TO_SQUAWK = Pattern.compile("(?i)\\b(?:DROP\\s+TRIGGER|TRUNCATE|REVOKE)\\b.*");

    /** A transaction needs no IF NOT EXISTS; {@link Migrations} limits the wait for locks; numbers are as large as they get. */
    private static final String OF_NO_USE =
            "prefer-robust-stmts,require-lock-timeout,require-statement-timeout,prefer-bigint-over-int";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("judged")
    void noReleaseIsLeftBehindOrLockedOut(Path migration) throws Exception {
        assertThat(problems(migration)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE app_user DROP COLUMN name;",
                "ALTER TABLE app_user RENAME COLUMN name TO called;",
                "ALTER TABLE app_user ADD COLUMN nick text NOT NULL;",
                "ALTER TABLE app_user ALTER COLUMN name SET NOT NULL;",
                "ALTER TABLE push ALTER COLUMN attempts TYPE bigint;",
                "ALTER TABLE thread RENAME TO conversation;",
                "DROP TABLE reach;",
                "DROP FUNCTION current_history_epoch();",
                "DROP TRIGGER message_read_thread ON message_read;",
                "ALTER TABLE message ALTER COLUMN changed DROP DEFAULT;",
            })
    void whatTakesAwayHasToSaySo(String sql) throws Exception {
        assertThat(problems(written(sql))).isNotEmpty();
        assertThat(problems(written(sql + "\nUPDATE schema_contract SET serves_from = 90;")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX message_sender ON message (sender_id);",
                "ALTER TABLE message ADD CONSTRAINT message_seq_small CHECK (seq < 1000000);",
                "ALTER TABLE message ADD CONSTRAINT message_seq_one UNIQUE (seq);",
            })
    void whatLocksOthersOutIsFound(String sql) throws Exception {
        assertThat(problems(written(sql))).isNotEmpty();
    }

    @Test
    void whatOnlyAddsIsFine() throws Exception {
        assertThat(problems(written("""
                ALTER TABLE app_user ADD COLUMN nick text;
                ALTER TABLE app_user ADD COLUMN shy boolean NOT NULL DEFAULT false;
                CREATE TABLE more (id bigint PRIMARY KEY);
                """))).isEmpty();
        assertThat(problems(written("CREATE INDEX CONCURRENTLY message_sender ON message (sender_id);")))
                .isEmpty();
    }

    static Stream<Path> judged() throws IOException {
        List<Path> judged = new ArrayList<>();
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            files.filter(file -> version(file) >= FIRST_JUDGED).forEach(judged::add);
        }
        return judged.stream();
    }

    private static int version(Path migration) {
        return Integer.parseInt(migration.getFileName().toString().replaceFirst("^V(\\d+)__.*", "$1"));
    }

    private Path written(String sql) throws IOException {
        return Files.writeString(folder.resolve("V90__some.sql"), sql);
    }

    /** A line each. */
    private static List<String> problems(Path migration) throws IOException, InterruptedException {
        String sql = Files.readString(migration);
        List<String> problems = new ArrayList<>(squawk(migration, sql));
        if (!sql.contains(RAISED)) {
            UNKNOWN_TO_SQUAWK.matcher(sql).results().map(MatchResult::group).forEach(problems::add);
        }
        return problems;
    }

    private static List<String> squawk(Path migration, String sql) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "../bin/aws-tool",
                "squawk",
                "--reporter=gcc",
                "--pg-version=16",
                "--exclude=" + OF_NO_USE + (sql.contains(RAISED) ? "," + TAKING_AWAY : ""),
                migration.toString()));
        // Flyway makes a transaction of each file, except of one that cannot be in any.
        if (!sql.contains("CONCURRENTLY")) {
            command.add("--assume-in-transaction");
        }
        Process squawk = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new String(squawk.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(": warning: ") || line.contains(": error: "))
                .toList();
        assertThat(squawk.waitFor() == 0).as("squawk is content").isEqualTo(said.isEmpty());
        return said;
    }
}
