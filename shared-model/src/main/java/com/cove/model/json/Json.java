package com.cove.model.json;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.Reader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON as the wire contract wants it. Reading is strict: no value is bent into another type, depth and lengths are
 * bounded before anything is built, and every fault is {@code invalid_request} naming the field. Unknown fields are
 * ignored. Writing escapes {@code < > &}, so that no answer can be taken for HTML.
 */
public final class Json {
    /** Nesting that no payload of the contract comes near. */
    private static final int MAX_DEPTH = 32;

    /**
     * Buffers, as many as threads ever read or wrote at a time: writing waits for nothing, so that is about one for each processor. By default each
     * thread has its own: those that live for one event would make some 16 KB for it. A pool with a bound would have a lock, for which event loops waited.
     */
    private static final RecyclerPool<BufferRecycler> BUFFERS = JsonRecyclerPools.newConcurrentDequePool();

    private static final JsonMapper MAPPER = mapper(MAX_DEPTH);

    private Json() {}

    /** Parses text to a tree. */
    public static JsonNode parse(String text) {
        return tree(MAPPER, text);
    }

    /** Parses UTF-8 to a tree. */
    public static JsonNode parse(byte[] utf8) {
        try {
            return tree(MAPPER, MAPPER.readTree(utf8));
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** A parser that takes another depth of nesting than usual. */
    public static Parser parser(int maxDepth) {
        return new Parser(mapper(maxDepth));
    }

    /** Parses text, as a whole or from left to right. Thread-safe. */
    public static final class Parser {
        private final JsonMapper mapper;
        /** For a value that others follow. */
        private final JsonMapper parts;

        private Parser(JsonMapper mapper) {
            this.mapper = mapper;
            this.parts = mapper.rebuild()
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
        }

        /** The tree; {@code invalid_request} for what is no JSON or nested too deeply. */
        public JsonNode parse(String text) {
            return tree(mapper, text);
        }

        /** Before the first token. What is no JSON, or nested too deeply, throws where that shows. */
        public JsonParser tokens(Reader text) throws IOException {
            return mapper.createParser(text);
        }

        /** The object that begins with the current token as a record of the model, which may throw; then the current token is its last. */
        public <T> T object(JsonParser tokens, Class<T> type) throws IOException {
            return parts.readValue(tokens, type);
        }
    }

    private static JsonNode tree(JsonMapper mapper, String text) {
        try {
            return tree(mapper, mapper.readTree(text));
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** Of nothing, or of spaces, there is no tree. */
    private static JsonNode tree(JsonMapper mapper, @Nullable JsonNode read) {
        return read == null || read.isMissingNode() ? mapper.nullNode() : read;
    }

    /** Reads a JSON object as a record of the model, whose own constructor checks the fields. */
    public static <T> T read(String text, Class<T> type) {
        return bind(parse(text), type);
    }

    /** Binds a tree to a record of the model, whose own constructor checks the fields. */
    public static <T> T bind(@Nullable JsonNode node, Class<T> type) {
        if (node == null || !node.isObject()) {
            throw new AppException(ErrorCode.INVALID_REQUEST, "A JSON object is expected");
        }
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonMappingException e) {
            throw fieldFault(e);
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** The value as UTF-8 JSON. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "not writable as JSON: " + value.getClass().getSimpleName(), e);
        }
    }

    /** The value as JSON text. */
    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "not writable as JSON: " + value.getClass().getSimpleName(), e);
        }
    }

    /** A record as a tree, to add fields to. */
    public static ObjectNode tree(Record value) {
        return MAPPER.valueToTree(value);
    }

    private static AppException notJson() {
        return new AppException(ErrorCode.INVALID_REQUEST, "This is not valid JSON, or too deeply nested");
    }

    private static AppException fieldFault(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof AppException rule) {
                return located(rule, path);
            }
        }
        return path.isEmpty() ? notJson() : AppException.invalid(path, "is of the wrong type or form");
    }

    /** A value's own rule does not know which field of the request the value stands in: the path does. */
    private static AppException located(AppException rule, String path) {
        return path.isEmpty() || rule.errors().isEmpty()
                ? rule
                : AppException.invalid(path, rule.errors().getFirst().message());
    }

    private static JsonMapper mapper(int maxDepth) {
        JsonFactory factory = new JsonFactoryBuilder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .build())
                .characterEscapes(new HtmlEscapes())
                // Bytes as text has it: otherwise twelve for an emoji instead of four.
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .recyclerPool(BUFFERS)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new InstantModule())
                .addModule(new SimpleModule().addSerializer(new MessageWriter()))
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    /** {@code < > &} leave as unicode escapes: the same JSON, and inert inside HTML. */
    private static final class HtmlEscapes extends CharacterEscapes {
        /** Asked for with each text that is written, and read only. */
        private final int[] codes = standardAsciiEscapesForJSON();

        HtmlEscapes() {
            codes['<'] = ESCAPE_CUSTOM;
            codes['>'] = ESCAPE_CUSTOM;
            codes['&'] = ESCAPE_CUSTOM;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int ch) {
            return switch (ch) {
                case '<' -> new SerializedString("\\u003c");
                case '>' -> new SerializedString("\\u003e");
                case '&' -> new SerializedString("\\u0026");
                default -> null;
            };
        }
    }
}
