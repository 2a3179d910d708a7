package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.error.ErrorBody;
import com.cove.model.error.ErrorCode;
import com.cove.model.event.ClientEvent;
import com.cove.model.event.ServerEvent;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/asyncapi.yaml says what the records of the model are: it cannot drift from them. */
class AsyncApiTest {
    private static final JsonNode DOCUMENT = read();

    @Test
    void everyEventOfAClientIsReceivedByTheDocument() {
        assertThat(names("receive"))
                .containsExactlyInAnyOrderElementsOf(
                        ClientEvent.ALL.stream().map(ClientEvent::name).toList());
    }

    @Test
    void everyEventOfTheServerIsSentByTheDocument() {
        List<String> events = names("send").stream()
                .filter(name -> !name.equals("connect_error"))
                .toList();

        assertThat(events).hasSize(serverEvents().length);
        assertThat(events.stream().<Class<?>>map(ServerEvent::typeOf).toList())
                .containsExactlyInAnyOrder(serverEvents());
    }

    @Test
    void theErrorCodesAreThoseOfTheContract() {
        assertThat(texts(schema("ErrorCode").get("enum")))
                .containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                        .map(ErrorCode::wireName)
                        .toList());
        assertThat(differences(ErrorBody.class, schema("Error"), Direction.ANSWER))
                .isEmpty();
    }

    static List<ClientEvent<?, ?>> clientEvents() {
        return ClientEvent.ALL;
    }

    @ParameterizedTest
    @MethodSource("clientEvents")
    void aPayloadHasThePropertiesOfItsRecord(ClientEvent<?, ?> event) {
        assertThat(differences(event.payload(), payload(event.name()), Direction.REQUEST))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("clientEvents")
    void anAcknowledgementHasThePropertiesOfItsRecordBesideOk(ClientEvent<?, ?> event) {
        JsonNode accepted = resolved(payload(event.name() + "_ack").get("oneOf").get(0));

        assertThat(accepted.at("/properties/ok/const").asBoolean()).isTrue();
        assertThat(differences(event.acknowledgement(), accepted, Direction.ACKNOWLEDGEMENT))
                .isEmpty();
    }

    static Stream<String> serverEventNames() {
        return names("send").stream().filter(name -> !name.equals("connect_error"));
    }

    @ParameterizedTest
    @MethodSource("serverEventNames")
    void anEventOfTheServerHasThePropertiesOfItsRecord(String name) {
        assertThat(differences(ServerEvent.typeOf(name), payload(name), Direction.ANSWER))
                .isEmpty();
    }

    // --- the document ---

    private static JsonNode read() {
        try {
            return new YAMLMapper()
                    .readTree(Path.of("..", "docs", "asyncapi.yaml").toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The names of the messages of all operations of this action, seen from the server. */
    private static List<String> names(String action) {
        return stream(DOCUMENT.get("operations"))
                .filter(operation -> operation.path("action").asText().equals(action))
                .flatMap(operation -> stream(operation.get("messages")))
                .map(message -> resolved(resolved(message)).path("name").asText())
                .toList();
    }

    private static JsonNode payload(String message) {
        return resolved(DOCUMENT.at("/components/messages/" + message).path("payload"));
    }

    private static JsonNode schema(String name) {
        return DOCUMENT.at("/components/schemas/" + name);
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    private static Set<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    // --- the records ---

    private static Class<?>[] serverEvents() {
        return Stream.of(ServerEvent.class.getPermittedSubclasses())
                .flatMap(type -> type.isInterface() ? Stream.of(type.getPermittedSubclasses()) : Stream.of(type))
                .toArray(Class<?>[]::new);
    }

    /** A request may leave out what is nullable, an answer always has it, as null; an acknowledgement has ok as well. */
    private enum Direction {
        REQUEST,
        ANSWER,
        ACKNOWLEDGEMENT
    }

    /** A property of a record on the wire. */
    private record Property(String name, AnnotatedType type, boolean nullable, boolean optional) {}

    private static List<String> differences(Class<?> type, JsonNode schema, Direction direction) {
        List<String> differences = new ArrayList<>();
        compare(type.getSimpleName(), type, schema, direction, differences);
        return differences;
    }

    private static void compare(
            String at, Class<?> type, JsonNode schema, Direction direction, List<String> differences) {
        TreeMap<String, Property> properties = new TreeMap<>();
        properties(type, direction).forEach(property -> properties.put(property.name, property));
        Set<String> extra = direction == Direction.ACKNOWLEDGEMENT ? Set.of("ok") : Set.of();
        TreeSet<String> required = properties.values().stream()
                .filter(property -> !property.optional)
                .map(Property::name)
                .collect(Collectors.toCollection(TreeSet::new));
        expect(at + " properties", properties.keySet(), without(extra, schema.path("properties")), differences);
        expect(at + " required", required, without(extra, schema.path("required")), differences);
        Direction inside = direction == Direction.ACKNOWLEDGEMENT ? Direction.ANSWER : direction;
        properties.forEach((name, property) -> {
            JsonNode described = schema.path("properties").path(name);
            if (!described.isMissingNode()) {
                compare(at + "." + name, property, resolved(described), inside, differences);
            }
        });
    }

    private static void compare(
            String at, Property property, JsonNode schema, Direction direction, List<String> differences) {
        JsonNode described = schema;
        boolean nullable = false;
        if (schema.has("oneOf")) {
            nullable =
                    resolved(schema.get("oneOf").get(1)).path("type").asText().equals("null");
            described = resolved(schema.get("oneOf").get(0));
        }
        List<String> types = described.path("type").isArray()
                ? List.copyOf(texts(described.get("type")))
                : List.of(described.path("type").asText());
        nullable |= types.contains("null");
        expect(at + " nullable", property.nullable, nullable, differences);
        Class<?> type = raw(property.type);
        expect(at + " type", jsonType(type), types.getFirst(), differences);
        if (type == Instant.class) {
            expect(at + " format", "date-time", described.path("format").asText(), differences);
        } else if (type.isEnum()) {
            expect(at + " enum", wireNames(type), texts(described.path("enum")), differences);
        } else if (type == List.class) {
            Class<?> element = raw(((AnnotatedParameterizedType) property.type).getAnnotatedActualTypeArguments()[0]);
            compare(at + "[]", element, resolved(described.path("items")), direction, differences);
        } else if (jsonType(type).equals("object")) {
            compare(at, type, described, direction, differences);
        }
    }

    private static Stream<Property> properties(Class<?> type, Direction direction) {
        Stream<Property> components = Arrays.stream(type.getRecordComponents())
                .map(component -> property(component, component.getAccessor(), direction));
        Stream<Property> computed = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(JsonProperty.class) && !isComponent(type, method))
                .map(method -> property(method.getName(), method.getAnnotatedReturnType(), method, direction));
        return Stream.concat(components, computed);
    }

    private static Property property(RecordComponent component, Method accessor, Direction direction) {
        return property(component.getName(), component.getAnnotatedType(), accessor, direction);
    }

    private static Property property(String name, AnnotatedType type, AnnotatedElement accessor, Direction direction) {
        boolean nullable = type.isAnnotationPresent(Nullable.class);
        JsonInclude include = accessor.getAnnotation(JsonInclude.class);
        boolean leftOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
        return direction == Direction.REQUEST
                ? new Property(name, type, nullable, nullable)
                : new Property(name, type, nullable && !leftOut, leftOut);
    }

    private static boolean isComponent(Class<?> type, Method method) {
        return Arrays.stream(type.getRecordComponents())
                .anyMatch(component -> component.getAccessor().equals(method));
    }

    private static String jsonType(Class<?> type) {
        if (type == String.class || type == Instant.class || type.isEnum() || isId(type)) {
            return "string";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        if (type == List.class) {
            return "array";
        }
        return type.isRecord() ? "object" : "integer";
    }

    /** A record of one field that is written as the field alone. */
    private static boolean isId(Class<?> type) {
        return type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getAccessor().isAnnotationPresent(JsonValue.class));
    }

    private static Set<String> wireNames(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        new YAMLMapper().convertValue(constant, JsonNode.class).asText())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Class<?> raw(AnnotatedType type) {
        return (Class<?>) (type.getType() instanceof ParameterizedType generic ? generic.getRawType() : type.getType());
    }

    private static Set<String> without(Set<String> extra, JsonNode node) {
        Set<String> names = new TreeSet<>();
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(names::add);
        } else {
            names.addAll(texts(node));
        }
        names.removeAll(extra);
        return names;
    }

    private static void expect(String what, Object expected, Object actual, List<String> differences) {
        if (!expected.equals(actual)) {
            differences.add(what + ": the code has " + expected + ", the document " + actual);
        }
    }
}
