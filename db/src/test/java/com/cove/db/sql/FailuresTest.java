package com.cove.db.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "08001", "08003", "08006", "25006", "25P03", "25P04", "40001", "40P01", "53100", "53200", "53300",
                "55000", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "58000", "58030"
            })
    void whatPassesByItselfIsUnavailable(String state) {
        IllegalStateException failure = failure(new SQLException("a text with a secret", state));
        assertThat(Failures.translated(failure)).isInstanceOfSatisfying(AppException.class, answer -> {
            assertThat(answer.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(answer.safeMessage()).doesNotContain("secret");
            assertThat(answer).hasCause(failure);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23503", "23505", "23514", "42601", "42P01", "XX000"})
    void aFaultOfOursStaysWhatItIs(String state) {
        IllegalStateException failure = failure(new SQLException("a fault", state));
        assertThat(Failures.translated(failure)).isSameAs(failure);
    }

    @Test
    void noConnectionInTimeIsUnavailable() {
        assertThat(Failures.translated(failure(new SQLTransientConnectionException("pool", (String) null))))
                .isInstanceOf(AppException.class);
    }

    @Test
    void anAnswerOfAUseCaseStaysWhatItIs() {
        AppException answer = AppException.notFound("Thread");
        assertThat(Failures.translated(answer)).isSameAs(answer);
    }

    private static IllegalStateException failure(SQLException cause) {
        return new IllegalStateException(cause);
    }
}
