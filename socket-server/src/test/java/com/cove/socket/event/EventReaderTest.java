package com.cove.socket.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.event.ClientEvent;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OpeningConnection;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** However it is read, an event means what the whole of its JSON says. */
class EventReaderTest {
    private static final int MAX_ARGUMENTS = 3;
    private static final int MAX_DEPTH = 12;

    private static final List<String> RIGHT = List.of(
            "[\"send_message\",{\"threadId\":\"t\",\"content\":\"héllo \\u0022 <b>\",\"clientMessageId\":\"c-1\"}]",
            "[\"send_message\",{\"content\":\"x\",\"threadId\":\"t\",\"more\":{\"a\":[1,2.5,null,true]}}]",
            " [ \"send_message\" , { \"threadId\" : \"t\" , \"content\" : \"x\" , \"clientMessageId\" : null } ] ",
            "[\"typing_start\",{\"threadId\":\"t\"}]",
            "[\"mark_read\",{\"messageId\":\"m\"}]",
            "[\"update_presence\",{\"visible\":true}]",
            "[\"refresh_token\",{\"token\":\"e.y.J\"}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":10}]");

    private static final List<String> WRONG = List.of(
            "",
            "[",
            "[]",
            "{}",
            "[1,{}]",
            "[\"connect\",{}]",
            "[\"disconnecting\"]",
            "[\"nonsense\",{}]",
            "[\"nonsense\",{]",
            "[\"sync\"]",
            "[\"sync\",null]",
            "[\"sync\",[]]",
            "[\"sync\",{}]",
            "[\"sync\",{\"cursor\":\"c\"},{}]",
            "[\"sync\",{\"cursor\":\"c\"},1,2,3]",
            "[\"sync\",{\"cursor\":\"c\"}",
            "[\"sync\",{\"cursor\":\"c\"}}",
            "[\"sync\",{\"cursor\":\"c\"}]]",
            "[\"sync\",{\"cursor\":\"c\"}] 1",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":1.0}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":\"1\"}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":99999999999999999999}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":0}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":0},{]",
            "[\"sync\",{\"cursor\":\"c\",\"other\":" + "[".repeat(20) + "]".repeat(20) + "}]",
            "[\"sync\",{\"cursor\":\"c\",\"other\":" + "9".repeat(2_000) + "}]",
            "[\"sync\",{\"cursor\":\"c\",\"cursor\":\"d\"}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":1,\"limit\":2}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":1,\"cursor\":\"d\"}]",
            "[\"sync\",{\"cursor\":\"c\",\"limit\":1,\"cursor\":7}]",
            "[\"sync\",{\"cursor\":7,\"limit\":1,\"cursor\":\"d\"}]",
            "[\"mark_read\",{\"messageId\":\"a\",\"messageId\":\"b\"}]",
            "[\"mark_read\",{\"messageId\":\"a\",\"messageId\":null}]",
            "[\"update_presence\",{\"visible\":\"true\"}]",
            "[\"update_presence\",{\"visible\":1}]",
            "[\"send_message\",{\"threadId\":{},\"content\":\"x\"}]",
            "[\"send_message\",{\"threadId\":\"t\",\"content\":\" \"}]");

    private final Connection connection =
            OpeningConnection.of(new VerifiedToken(new UserId("ada"), null, null, Instant.EPOCH, Instant.MAX));
    private final List<Object> handled = new ArrayList<>();
    private final List<EventBinding<?, ?>> bindings = List.of(
            noting(ClientEvent.SEND_MESSAGE),
            noting(ClientEvent.TYPING_START),
            noting(ClientEvent.MARK_READ),
            noting(ClientEvent.UPDATE_PRESENCE),
            noting(ClientEvent.REFRESH_TOKEN),
            noting(ClientEvent.SYNC));
    private final EventReader reader = new EventReader(bindings, MAX_ARGUMENTS, MAX_DEPTH);

    private <P, A extends Record> EventBinding<P, A> noting(ClientEvent<P, A> event) {
        return new EventBinding<>(event, (_, payload) -> {
            handled.add(payload);
            return new Answer("{}");
        });
    }

    @Test
    void whatIsRightIsHandled() {
        for (String text : RIGHT) {
            assertThat(read(text)).as(text).isEqualTo(meaning(text)).contains("[");
        }
    }

    @Test
    void whatIsWrongIsToldAsOfTheWhole() {
        for (String text : WRONG) {
            assertThat(read(text)).as(text).isEqualTo(meaning(text));
        }
    }

    @Test
    void whateverBecomesOfAnEventOnItsWayMeansTheSame() {
        List<String> all = Stream.concat(RIGHT.stream(), WRONG.stream()).toList();
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(all.get(random.nextInt(all.size())));
            for (int more = 1 + random.nextInt(3); more > 0; more--) {
                int at = random.nextInt(text.length() + 1);
                String other = all.get(random.nextInt(all.size()));
                int from = random.nextInt(other.length() + 1);
                text.replace(
                        at,
                        Math.min(text.length(), at + random.nextInt(4)),
                        other.substring(from, Math.min(other.length(), from + random.nextInt(12))));
            }
            assertThat(read(text.toString())).as("%s", text).isEqualTo(meaning(text.toString()));
        }
    }

    private String read(String text) {
        return reader.read(OpeningConnection.event(connection, "42" + text, 2))
                .map(request ->
                        request.name() + outcome(() -> request.handling().apply(connection)))
                .orElse("no event");
    }

    private String outcome(Supplier<Answer> handling) {
        handled.clear();
        try {
            assertThat(handling.get().json()).isEqualTo("{}");
            return handled.toString();
        } catch (AppException e) {
            return e.code() + e.safeMessage() + e.errors();
        }
    }

    /** By the tree. */
    private String meaning(String text) {
        JsonNode packet = tree(text);
        String name = packet.path(0).textValue();
        if (name == null || Set.of("connect", "disconnecting").contains(name)) {
            return "no event";
        }
        return name
                + outcome(() -> {
                    if (packet.size() - 1 > MAX_ARGUMENTS) {
                        throw new AppException(ErrorCode.INVALID_REQUEST, "An event has at most 3 arguments");
                    }
                    return bindings.stream()
                            .filter(binding -> binding.event().name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> new AppException(ErrorCode.INVALID_REQUEST, "There is no such event"))
                            .handle(connection, packet.get(1));
                });
    }

    private static JsonNode tree(String text) {
        try {
            return Json.parser(MAX_DEPTH).parse(text);
        } catch (AppException e) {
            return Json.parse("null");
        }
    }
}
