package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** An answer as a client reads it. */
record Reply(int status, Map<String, String> headers, String text) {
    static Reply of(APIGatewayV2HTTPResponse response) {
        return new Reply(response.getStatusCode(), response.getHeaders(), response.getBody());
    }

    JsonNode body() {
        return Json.parse(text);
    }

    /** The value at a JSON pointer, as text; empty where there is none. */
    String at(String pointer) {
        return body().at(pointer).asText();
    }

    Reply expect(int expected) {
        assertThat(status).as(text).isEqualTo(expected);
        return this;
    }

    /** The contract's error, with every member that a problem document has. */
    Reply expectProblem(String code, int expected) {
        expect(expected);
        assertThat(headers).containsEntry("content-type", "application/problem+json");
        assertThat(at("/code")).isEqualTo(code);
        assertThat(at("/type")).isEqualTo("urn:cove:error:" + code);
        assertThat(body().at("/status").asInt()).isEqualTo(expected);
        assertThat(at("/title")).isNotBlank();
        assertThat(at("/detail")).isNotBlank();
        assertThat(at("/requestId")).isNotBlank();
        return this;
    }
}
