package com.cove.db.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaStateTest {
    @ParameterizedTest
    @CsvSource({"7, 5", "7, 7", "8, 5", "8, 7", "90, 7"})
    void aSchemaAsNewAsTheProgramOrNewerServesItUntilItSaysOtherwise(int version, int servesFrom) {
        assertThat(new SchemaState(version, servesFrom).problemFor(7)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, no schema yet", "6, 0, run socket-server.jar migrate", "90, 90, start a newer release"})
    void anyOtherIsNamedWithWhatToDo(int version, int servesFrom, String toDo) {
        assertThat(new SchemaState(version, servesFrom).problemFor(7))
                .hasValueSatisfying(problem -> assertThat(problem).contains(toDo));
    }
}
