package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Statements.Executed;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays of ids come to PostgreSQL as they are. */
@ExtendWith(TestDatabaseExtension.class)
class IdArraysTest {
    private static final String ELEMENTS =
            "SELECT coalesce(given.id::text, 'none') FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS given (id, place) ORDER BY given.place";

    private final TestDatabase test;

    IdArraysTest(TestDatabase test) {
        this.test = test;
    }

    static Stream<List<UUID>> arrays() {
        return Stream.of(
                List.of(),
                List.of(new UUID(0, 0)),
                List.of(new UUID(-1, -1), new UUID(1, Long.MIN_VALUE), UUID.randomUUID()),
                Arrays.asList(null, UUID.randomUUID(), null),
                Stream.generate(UUID::randomUUID).limit(10_000).toList());
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void inBinary(List<UUID> ids) {
        Statements statements = Statements.of(test);

        assertThat(elements(test.database(), ids)).isEqualTo(texts(ids));

        Executed executed = statements.take().getFirst();
        assertThat(executed.withValues()).isEqualTo(executed.sql());
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void asTextWhereTheConnectionIsToldSo(List<UUID> ids) {
        try (Database texts = Database.open(DatabaseConfig.of(test.url() + "?binaryTransferDisable=UUID_ARRAY"))) {
            Statements statements = Statements.of(texts);

            assertThat(elements(texts, ids)).isEqualTo(texts(ids));

            Executed executed = statements.take().getFirst();
            assertThat(executed.withValues()).isNotEqualTo(executed.sql());
        }
    }

    private static List<String> elements(Database database, List<UUID> ids) {
        try (Handle handle = database.jdbi().open()) {
            return handle.createQuery(ELEMENTS)
                    .bind("ids", ids.toArray(UUID[]::new))
                    .mapTo(String.class)
                    .list();
        }
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(id -> Objects.toString(id, "none")).toList();
    }
}
