package com.cove.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.api.log.Redacted;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponsesTest {
    private static final RequestId ID = new RequestId("request-1");

    @ParameterizedTest
    @EnumSource
    void everyErrorCodeIsAProblemDocument(ErrorCode code) {
        GatewayAnswer response = Responses.failure(new AppException(code, "What happened"), ID);
        JsonNode body = Json.parse(response.body().toString());

        assertThat(response.statusCode()).isEqualTo(code.httpStatus());
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactly("type", "title", "status", "detail", "code", "requestId");
        assertThat(body.at("/code").asText()).isEqualTo(code.wireName());
        assertThat(body.at("/detail").asText()).isEqualTo("What happened");
        assertThat(body.at("/requestId").asText()).isEqualTo("request-1");
    }

    @Test
    void whoCallsTooOftenLearnsHowLongToWait() {
        AppException failure = AppException.rateLimited("Too many messages", Duration.ofMillis(1_200));
        GatewayAnswer response = Responses.failure(failure, ID);

        assertThat(response.headers()).containsEntry("retry-after", "2");
        assertThat(Json.parse(response.body().toString()).at("/retryAfterMs").asLong())
                .isEqualTo(1_200);
    }

    @Test
    void theLogGetsTypesAndTracesOfAllCausesAndNoneOfTheirMessages() {
        Exception cause = new IllegalStateException("row (secret text)", new IOException("parsing 'secret text'"));
        StringWriter log = new StringWriter();
        Redacted.of(new AppException(ErrorCode.INTERNAL, "secret text", cause)).printStackTrace(new PrintWriter(log));

        assertThat(log.toString())
                .contains("java.lang.IllegalStateException", "java.io.IOException", "ResponsesTest.java")
                .doesNotContain("secret text");
    }

    @Test
    void aCycleOfCausesIsCut() {
        Exception first = new IOException("a");
        Exception second = new IOException("b", first);
        first.initCause(second);
        int depth = 0;
        for (Throwable t = Redacted.of(first); t != null; t = t.getCause()) {
            depth++;
        }

        assertThat(depth).isEqualTo(9);
    }
}
