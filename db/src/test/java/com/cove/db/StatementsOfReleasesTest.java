package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.cove.db.schema.SchemaGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The statements of each release that this schema still serves, kept in {@code src/test/resources/statements}: PostgreSQL takes all of
 * them. A migration that takes away or renames what one of them names, or changes its type, fails here, long before an old server
 * meets it. After a change of a statement, {@code make statements} writes those of this release anew.
 */
@ExtendWith(TestDatabaseExtension.class)
class StatementsOfReleasesTest {
    private static final Path FOLDER = Path.of("src/test/resources/statements");
    private static final Path CLASSES = Path.of("target/classes");
    private static final Pattern BETWEEN = Pattern.compile(";\\R\\R");
    private static final Pattern PARAMETER = Pattern.compile("\\?");

    private final TestDatabase test;

    StatementsOfReleasesTest(TestDatabase test) {
        this.test = test;
    }

    @Test
    void thoseOfThisReleaseAreKept() throws IOException {
        Path file = file(SchemaGate.PROGRAM);
        String ours = String.join(";\n\n", ours()) + ";\n";
        if (Boolean.getBoolean("cove.statements.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, ours);
        }
        assertThat(file).as("make statements writes it").exists();
        assertThat(Files.readString(file))
                .as("make statements writes them anew")
                .isEqualTo(ours);
        assertThat(ours()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @MethodSource("served")
    void theSchemaTakesThemAll(int release) throws Exception {
        List<String> statements = BETWEEN.splitAsStream(Files.readString(file(release)))
                .map(statement -> statement.strip().replaceFirst(";$", ""))
                .toList();
        assertThat(statements).hasSizeGreaterThan(40);
        try (Connection connection = test.connect();
                Statement session = connection.createStatement()) {
            for (String statement : statements) {
                assertThatCode(() -> session.execute("PREPARE theirs AS " + statement))
                        .as("of release %d: %s", release, statement)
                        .doesNotThrowAnyException();
                session.execute("DEALLOCATE theirs");
            }
        }
    }

    static IntStream served() {
        try (TestDatabase any = TestDatabase.create()) {
            return IntStream.rangeClosed(
                    Integer.parseInt(any.ask("SELECT serves_from FROM schema_contract")), SchemaGate.PROGRAM);
        }
    }

    private static Path file(int release) {
        return FOLDER.resolve(release + ".sql");
    }

    /** Whoever adds a statement anywhere else would add one that no later schema is tested with. */
    @Test
    void statementsAreInDaosOnly() throws IOException {
        List<String> others = JdbiCall.of(CLASSES).stream()
                .filter(call -> !call.isOfADao())
                .map(JdbiCall::sql)
                .toList();
        assertThat(others)
                .containsExactlyInAnyOrder(
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'");
    }

    /** Of every DAO, as PostgreSQL gets them. */
    private static List<String> ours() throws IOException {
        return JdbiCall.of(CLASSES).stream()
                .filter(JdbiCall::isOfADao)
                .map(JdbiCall::sql)
                .map(StatementsOfReleasesTest::numbered)
                .sorted()
                .distinct()
                .toList();
    }

    /** Parameters as the driver numbers them. */
    private static String numbered(String sql) {
        int[] parameters = {0};
        String parsed = new ColonPrefixSqlParser().parse(sql, null).getSql();
        return PARAMETER
                .matcher(parsed)
                .replaceAll(_ -> "\\$" + ++parameters[0])
                .strip();
    }
}
