package com.cove.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "01935c2e-5a00-7000-8000-0000000000af",
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff"
            })
    void whatPrintsAsTheTextIsMeant(String text) {
        assertThat(Uuids.canonical(text)).contains(UUID.fromString(text));
    }

    /** What UUID.fromString takes, too, among them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01935C2E-5A00-7000-8000-0000000000AF",
                "01935c2e-5a00-7000-8000-0000000000a",
                "01935c2e-5a00-7000-8000-0000000000af0",
                "1935c2e-5a00-7000-8000-00000000000af",
                "01935c2e-5a00-7000-80000-000000000af",
                "01935c2e5a00-7000-8000-0000000000af-",
                "01935c2e-5a00-7000-8000-0000000000ag",
                "01935c2e-5a00-7000-8000-0000000000a/",
                "01935c2e-5a00-7000-8000-0000000000a:",
                "01935c2e-5a00-7000-8000-0000000000a`",
                "01935c2e-5a00-7000-8000-00000000000١",
                "01935c2e_5a00_7000_8000_0000000000af"
            })
    void anIdHasOneSpellingOnly(String text) {
        assertThat(Uuids.canonical(text)).isEmpty();
    }

    @Test
    void anyIdIsFoundAgain() {
        for (int i = 0; i < 1_000; i++) {
            UUID id = UUID.randomUUID();
            assertThat(Uuids.canonical(id.toString())).contains(id);
        }
    }
}
