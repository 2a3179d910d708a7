package com.cove.api.http;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as API Gateway tells of it, in payload format 2.0, or in 1.0 as REST APIs do. What is missing, or is not what it
 * should be, is absent: it is for whoever needs it to refuse the request. Several values of one name are one, with commas
 * between, in either format.
 *
 * @param headers by their names in lower case
 * @param query by name, decoded
 * @param body null where there is none
 * @param base64 whether the body is bytes in Base64
 * @param requestId null where there is none
 */
record GatewayEvent(
        Map<String, String> headers,
        Map<String, String> query,
        @Nullable String body,
        boolean base64,
        @Nullable String requestId) {

    static final GatewayEvent NONE = new GatewayEvent(Map.of(), Map.of(), null, false, null);

    /** @throws AppException {@code invalid_request} for what is no JSON object */
    static GatewayEvent read(byte[] json) {
        JsonNode event = Json.parse(json);
        if (!event.isObject()) {
            throw new AppException(ErrorCode.INVALID_REQUEST, "A request from API Gateway is expected");
        }
        return new GatewayEvent(
                lowerCase(values(event, "headers", "multiValueHeaders")),
                values(event, "queryStringParameters", "multiValueQueryStringParameters"),
                text(event.get("body")),
                event.path("isBase64Encoded").asBoolean(false),
                text(event.path("requestContext").get("requestId")));
    }

    /** Format 1.0 has in the first field the last of several values, and all of them in the second. */
    private static Map<String, String> values(JsonNode event, String single, String multiple) {
        Map<String, String> values = new LinkedHashMap<>();
        event.path(single).properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                values.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        event.path(multiple).properties().forEach(entry -> {
            StringBuilder joined = new StringBuilder();
            for (JsonNode value : entry.getValue()) {
                joined.append(joined.isEmpty() ? "" : ",").append(value.asText());
            }
            if (!entry.getValue().isEmpty()) {
                values.put(entry.getKey(), joined.toString());
            }
        });
        return values;
    }

    private static Map<String, String> lowerCase(Map<String, String> headers) {
        Map<String, String> lower = new HashMap<>();
        headers.forEach((name, value) ->
                lower.merge(name.toLowerCase(Locale.ROOT), value, (first, next) -> first + "," + next));
        return lower;
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || !node.isTextual() ? null : node.textValue();
    }
}
