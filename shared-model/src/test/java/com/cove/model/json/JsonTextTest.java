package com.cove.model.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "\"\\\b\f\n\r\t\u0000\u001f\u007f", "</script>&", "é€😀", "{\"a\":[\"\\\"\"]}"})
    void isReadBackAsTheJsonItIs(String text) {
        // Longer than the buffers it passes through, too.
        Map<String, List<String>> value = Map.of("texts", List.of(text, (text + "x").repeat(5_000)));

        byte[] quoted = Json.bytes(Map.of("body", JsonText.of(value)));

        assertThat(Json.parse(quoted).get("body").textValue()).isEqualTo(Json.text(value));
        assertThat(JsonText.of(value)).hasToString(Json.text(value));
    }
}
