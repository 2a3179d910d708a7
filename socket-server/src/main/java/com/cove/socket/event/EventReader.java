package com.cove.socket.event;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.InboundEvent;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sent: the array of an event's name and its arguments. Where it is as it should be, from left to right and without a tree; what is
 * wrong with it otherwise takes the whole to tell.
 */
final class EventReader {
    /** Names of Socket.IO's own, which Node refuses as well. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private final Map<String, EventBinding<?, ?>> bindings;
    private final int maxArguments;
    private final Json.Parser json;

    EventReader(List<EventBinding<?, ?>> bindings, int maxArguments, int maxDepth) {
        this.bindings = bindings.stream()
                .collect(Collectors.toUnmodifiableMap(binding -> binding.event().name(), Function.identity()));
        this.maxArguments = maxArguments;
        this.json = Json.parser(maxDepth);
    }

    /**
     * An event that was read.
     *
     * @param handling answers it, or throws what is wrong with it
     */
    record Request(String name, Function<Connection, Answer> handling) {}

    Set<String> names() {
        return bindings.keySet();
    }

    /** Empty for what is no event: who sends that speaks another protocol. */
    Optional<Request> read(InboundEvent event) {
        Request right = right(event);
        return right == null ? any(event.json()) : Optional.of(right);
    }

    /** A known event with its payload and nothing else; null for any other. */
    private @Nullable Request right(InboundEvent event) {
        try (JsonParser tokens = json.tokens(event.reader())) {
            if (tokens.nextToken() != JsonToken.START_ARRAY || tokens.nextToken() != JsonToken.VALUE_STRING) {
                return null;
            }
            EventBinding<?, ?> binding = bindings.get(tokens.getText());
            if (binding == null || tokens.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Request request = withPayload(binding, tokens);
            return tokens.nextToken() == JsonToken.END_ARRAY && tokens.nextToken() == null ? request : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private <P> Request withPayload(EventBinding<P, ?> binding, JsonParser tokens) throws IOException {
        P payload = json.object(tokens, binding.event().payload());
        return new Request(
                binding.event().name(), connection -> binding.handler().handle(connection, payload));
    }

    private Optional<Request> any(String text) {
        try {
            JsonNode packet = json.parse(text);
            String name = packet.path(0).textValue();
            return name == null || RESERVED.contains(name)
                    ? Optional.empty()
                    : Optional.of(new Request(name, connection -> handle(connection, name, packet)));
        } catch (AppException e) {
            return Optional.empty();
        }
    }

    private Answer handle(Connection connection, String name, JsonNode packet) {
        if (packet.size() - 1 > maxArguments) {
            throw new AppException(ErrorCode.INVALID_REQUEST, "An event has at most " + maxArguments + " arguments");
        }
        EventBinding<?, ?> binding = bindings.get(name);
        if (binding == null) {
            throw new AppException(ErrorCode.INVALID_REQUEST, "There is no such event");
        }
        return binding.handle(connection, packet.get(1));
    }
}
