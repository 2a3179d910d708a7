package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** docs/openapi.yaml, and whether an answer is what it promises. */
final class OpenApi {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private final JsonNode document = Project.yaml("docs/openapi.yaml");

    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** The operations by route key. */
    Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.at("/paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue())));
        return operations;
    }

    /** Fails unless the answer's status, content type and body are described. */
    void check(String routeKey, Reply reply) {
        JsonNode responses = Objects.requireNonNull(operations().get(routeKey)).at("/responses");
        String status = Integer.toString(reply.status());
        JsonNode response = resolved(responses.has(status) ? responses.get(status) : responses.get("default"));
        JsonNode content = response.at("/content").get(reply.headers().get("content-type"));
        assertThat(content).as("%s %s", routeKey, reply).isNotNull();
        List<String> faults = new ArrayList<>();
        compare(content.get("schema"), reply.body(), routeKey, faults);
        assertThat(faults).isEmpty();
    }

    private void compare(JsonNode schema, JsonNode value, String where, List<String> faults) {
        JsonNode expected = resolved(schema);
        if (expected.has("oneOf")) {
            // here always something, or null
            if (!value.isNull()) {
                compare(expected.get("oneOf").get(0), value, where, faults);
            }
        } else if (!types(expected).contains(type(value))) {
            faults.add(where + " is " + type(value));
        } else if (value.isArray()) {
            value.forEach(element -> compare(expected.get("items"), element, where + "[]", faults));
        } else if (value.isObject()) {
            compareFields(expected, value, where, faults);
        } else {
            compareText(expected, value.asText(), where, faults);
        }
    }

    private void compareFields(JsonNode schema, JsonNode value, String where, List<String> faults) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                faults.add(where + "." + name.asText() + " is missing");
            }
        });
        value.properties().forEach(field -> {
            JsonNode property = schema.path("properties").get(field.getKey());
            if (property == null) {
                faults.add(where + "." + field.getKey() + " is not described");
            } else {
                compare(property, field.getValue(), where + "." + field.getKey(), faults);
            }
        });
    }

    private static void compareText(JsonNode schema, String value, String where, List<String> faults) {
        boolean wrongPattern =
                schema.has("pattern") && !value.matches(schema.get("pattern").asText());
        boolean wrongValue =
                schema.has("const") && !value.equals(schema.get("const").asText());
        boolean wrongTime = "date-time".equals(schema.path("format").asText()) && !value.matches(TIME);
        if (wrongPattern || wrongValue || wrongTime) {
            faults.add(where + " has the wrong form");
        }
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(document.at(node.get("$ref").asText().substring(1))) : node;
    }

    private static Set<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? Set.of(type.get(0).asText(), type.get(1).asText()) : Set.of(type.asText());
    }

    private static String type(JsonNode value) {
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
