package com.cove.model.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.model.error.AppException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ClientMessageIdTest {
    /** As the contract has it. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    @Test
    void anyCharacterIsTakenThatTheContractNamesAndNoOther() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            agrees("a" + (char) c + "b");
        }
    }

    @Test
    void itHasOneTo64Characters() {
        for (int length = 0; length < 70; length++) {
            agrees("x".repeat(length));
        }
    }

    private static void agrees(String text) {
        AppException refusal = catchThrowableOfType(AppException.class, () -> new ClientMessageId(text));
        assertThat(refusal == null).as("%s", text).isEqualTo(FORM.matcher(text).matches());
    }
}
