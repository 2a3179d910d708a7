package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.ParsedSql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our reading of statements against that of JDBI's own parser. */
class StatementParametersTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void everyStatementIsReadAsByJdbi() throws IOException {
        assertThat(JdbiCall.of(CLASSES)).hasSizeGreaterThan(40).allSatisfy(call -> assertReadAsByJdbi(call.sql()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT :a",
                "SELECT ? WHERE ? = '?'",
                "SELECT :a, :b, :a FROM x WHERE y = :b_2",
                "SELECT 'it''s :not' || :a",
                "SELECT \":not\" FROM x WHERE y=:a",
                "SELECT x::text, CAST(:a AS text)::int"
            })
    void parametersAreNoneInATextANameOrACast(String sql) {
        assertReadAsByJdbi(sql);
    }

    private static void assertReadAsByJdbi(String sql) {
        ParsedSql ours = StatementParameters.parsed(sql);
        ParsedSql theirs = new ColonPrefixSqlParser().parse(sql, null);
        assertThat(ours.getSql()).isEqualTo(theirs.getSql());
        assertThat(ours.getParameters().getParameterNames())
                .isEqualTo(theirs.getParameters().getParameterNames());
    }
}
