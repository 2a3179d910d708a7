package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.cove.model.device.UpdateFcmToken;
import com.cove.model.device.Updated;
import com.cove.model.error.ErrorCode;
import com.cove.model.error.FieldError;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.message.MessagePage;
import com.cove.model.message.SendMessage;
import com.cove.model.message.SentMessage;
import com.cove.model.presence.PresenceUpdated;
import com.cove.model.presence.UpdatePresence;
import com.cove.model.read.MarkRead;
import com.cove.model.read.ReadReceipt;
import com.cove.model.sync.SyncPage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadAnswer;
import com.cove.model.thread.ThreadPage;
import com.cove.model.user.UserProfile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** docs/openapi.yaml says what the code does. */
class OpenApiTest {
    /** By the schema's name; {@code Problem} stands beside its only user. */
    private static final Map<String, Class<?>> RECORDS = Map.ofEntries(
            Map.entry("CreateThread", CreateThread.class),
            Map.entry("SendMessage", SendMessage.class),
            Map.entry("MarkRead", MarkRead.class),
            Map.entry("UpdateFcmToken", UpdateFcmToken.class),
            Map.entry("MuteThread", MuteThread.class),
            Map.entry("UpdatePresence", UpdatePresence.class),
            Map.entry("UserProfile", UserProfile.class),
            Map.entry("Participant", Participant.class),
            Map.entry("Message", Message.class),
            Map.entry("Thread", ChatThread.class),
            Map.entry("ThreadAnswer", ThreadAnswer.class),
            Map.entry("SentMessage", SentMessage.class),
            Map.entry("ThreadPage", ThreadPage.class),
            Map.entry("MessagePage", MessagePage.class),
            Map.entry("ReadReceipt", ReadReceipt.class),
            Map.entry("Updated", Updated.class),
            Map.entry("PresenceUpdated", PresenceUpdated.class),
            Map.entry("SyncPage", SyncPage.class),
            Map.entry("FieldError", FieldError.class),
            Map.entry("Problem", problem()));

    private final OpenApi document = new OpenApi();

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        assertThat(document.operations().keySet())
                .isEqualTo(ApiRoutes.handlers(Services.NONE).keySet());
    }

    @Test
    void everyErrorCodeIsListedAndNothingElse() {
        assertThat(texts(document.at("/components/schemas/ErrorCode/enum")))
                .containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                        .map(ErrorCode::wireName)
                        .toList());
    }

    @Test
    void everySchemaOfAnObjectStandsForARecord() {
        Set<String> objects = document.at("/components/schemas").properties().stream()
                .filter(schema -> "object".equals(schema.getValue().path("type").asText()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());

        assertThat(objects).isEqualTo(RECORDS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> aSchemaHasTheFieldsOfItsRecord() {
        return RECORDS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    JsonNode schema = document.at("/components/schemas/" + entry.getKey());
                    Set<String> described = new HashSet<>();
                    schema.at("/properties").fieldNames().forEachRemaining(described::add);

                    assertThat(described).isEqualTo(fields(entry.getValue()));
                    assertThat(described).containsAll(texts(schema.path("required")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> anExampleOfARequestIsAccepted() {
        return document.operations().entrySet().stream()
                .filter(entry -> entry.getValue().has("requestBody"))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    JsonNode content = entry.getValue().at("/requestBody/content/application~1json");
                    String[] reference = content.at("/schema/$ref").asText().split("/", -1);
                    Class<?> type = Objects.requireNonNull(RECORDS.get(reference[reference.length - 1]));
                    assertThat(examples(content))
                            .isNotEmpty()
                            .allSatisfy(example -> assertThatCode(() -> Json.bind(example, type))
                                    .doesNotThrowAnyException());
                }));
    }

    private static List<JsonNode> examples(JsonNode content) {
        return content.has("example")
                ? List.of(content.get("example"))
                : StreamSupport.stream(content.path("examples").spliterator(), false)
                        .map(example -> example.get("value"))
                        .toList();
    }

    private static Set<String> fields(Class<?> type) {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.getSerializationConfig().introspect(mapper.constructType(type)).findProperties().stream()
                .map(BeanPropertyDefinition::getName)
                .collect(Collectors.toSet());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Class<?> problem() {
        try {
            return Class.forName("com.cove.api.http.Problem");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
