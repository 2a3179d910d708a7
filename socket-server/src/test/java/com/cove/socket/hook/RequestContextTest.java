package com.cove.socket.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class RequestContextTest {
    @Test
    void theIdIsInTheContextForAsLongAsTheCallTakes() {
        assertThat(seen("VKbzVgr1DoEEMgw=")).isEqualTo("VKbzVgr1DoEEMgw=");
        assertThat(MDC.get("requestId")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\"b", "{}", "é", "a\tb", "<b>", "%0a"})
    void whatIsNoIdStaysOut(String text) {
        assertThat(seen(text)).isNull();
    }

    @Test
    void aLongOneStaysOut() {
        assertThat(seen("a".repeat(64))).isNotNull();
        assertThat(seen("a".repeat(65))).isNull();
    }

    private static @Nullable String seen(String value) {
        Headers headers = new Headers();
        headers.set(RequestContext.HEADER, value);
        try (RequestContext _ = RequestContext.of(headers)) {
            return MDC.get("requestId");
        }
    }
}
