package com.cove.db;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call of a store is expected to fail with. */
public final class Failing {
    private Failing() {}

    public static void failsWith(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(AppException.class)
                .isThrownBy(call)
                .extracting(AppException::code)
                .isEqualTo(code);
    }
}
