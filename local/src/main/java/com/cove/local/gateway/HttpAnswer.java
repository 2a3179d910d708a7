package com.cove.local.gateway;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes back over the network. */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {

    /** One of API Gateway's own errors. */
    static HttpAnswer error(int status, String message) {
        return new HttpAnswer(
                status,
                Map.of("content-type", List.of("application/json")),
                ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** The answer of a handler, read as API Gateway reads it. */
    static HttpAnswer of(byte[] json) {
        JsonNode answer = Json.parse(json);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        answer.path("headers")
                .properties()
                .forEach(header ->
                        headers.put(header.getKey(), List.of(header.getValue().asText())));
        List<String> cookies = new ArrayList<>();
        answer.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        if (!cookies.isEmpty()) {
            headers.put("set-cookie", cookies);
        }
        String body = answer.path("body").asText("");
        byte[] bytes = answer.path("isBase64Encoded").asBoolean(false)
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
        return new HttpAnswer(answer.path("statusCode").asInt(200), headers, bytes);
    }

    HttpAnswer with(Map<String, String> more) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        more.forEach((name, value) -> all.put(name, List.of(value)));
        return new HttpAnswer(status, all, body);
    }
}
