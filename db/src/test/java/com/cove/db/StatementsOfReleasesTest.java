package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.cove.db.schema.SchemaGate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
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

    /** Of every DAO, as PostgreSQL gets them. */
    private static List<String> ours() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("com.cove.db").stream()
                        .filter(type -> type.getSimpleName().endsWith("Dao"))
                        .map(JavaClass::reflect)
                        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                        .flatMap(method -> sql(method).stream())
                        .map(StatementsOfReleasesTest::numbered)
                        .sorted()
                        .distinct()
                        .collect(Collectors.toList());
    }

    private static Optional<String> sql(Method method) {
        return Optional.ofNullable(method.getAnnotation(SqlQuery.class))
                .map(SqlQuery::value)
                .or(() -> Optional.ofNullable(method.getAnnotation(SqlUpdate.class))
                        .map(SqlUpdate::value));
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
