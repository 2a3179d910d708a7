package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An answer as a client reads it. */
record Reply(int status, Map<String, String> headers, String text) {
    /** As API Gateway reads it; of another field than these, a REST API makes a 502. */
    static Reply of(byte[] json) {
        JsonNode response = Json.parse(new String(json, StandardCharsets.UTF_8));
        assertThat(response.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("statusCode", "headers", "body", "isBase64Encoded");
        Map<String, String> headers = new HashMap<>();
        response.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().textValue()));
        return new Reply(
                response.get("statusCode").intValue(),
                headers,
                response.get("body").textValue());
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
