package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every file of test-events/ through its handler, read as the Lambda runtime reads it. */
@ExtendWith(TestDatabaseExtension.class)
class TestEventsTest {
    private final OpenApi openApi = new OpenApi();
    private Api api;
    private Map<String, String> placeholders;

    @BeforeEach
    void annAndBenTalk(TestDatabase database) {
        api = new Api(database);
        api.meet("ann", "ben");
        String thread = api.thread("ben", "ann");
        placeholders = Map.of(
                "ID_TOKEN", api.tokens.issue("ann"),
                "01935c2e-5a00-7000-8000-000000000001", thread,
                "01935c2e-5a00-7000-8000-000000000101", api.message("ben", thread, "Hi"),
                "CURSOR", api.get("ann", "/threads", Map.of()).at("/cursor"));
    }

    @ParameterizedTest
    @CsvSource({
        "create-thread, 200",
        "send-message, 201",
        "get-threads, 200",
        "get-thread-messages, 200",
        "mark-message-read, 200",
        "update-fcm-token, 200",
        "mute-thread, 200",
        "update-presence, 200",
        "get-sync, 200"
    })
    void theEventIsAnsweredAsDescribed(String file, int status) {
        String json = Project.text("test-events/" + file + ".json");
        for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
            json = json.replace(placeholder.getKey(), placeholder.getValue());
        }
        APIGatewayV2HTTPEvent event = read(json);

        Reply reply = api.call(event.getRouteKey(), event);

        openApi.check(event.getRouteKey(), reply.expect(status));
    }

    @ParameterizedTest
    @CsvSource({
        "create-thread",
        "send-message",
        "get-threads",
        "get-thread-messages",
        "mark-message-read",
        "update-fcm-token",
        "mute-thread",
        "update-presence",
        "get-sync"
    })
    void theEventIsOneThatApiGatewaySends(String file) {
        APIGatewayV2HTTPEvent event = read(Project.text("test-events/" + file + ".json"));

        assertThat(event.getVersion()).isEqualTo("2.0");
        assertThat(event.getRouteKey())
                .isEqualTo(event.getRequestContext().getHttp().getMethod() + " " + event.getRawPath())
                .isEqualTo(event.getRequestContext().getRouteKey());
        assertThat(event.getHeaders().keySet()).allMatch(name -> name.matches("[a-z0-9-]+"));
        assertThat(event.getRequestContext().getRequestId()).isNotBlank();
        assertThat(query(event.getRawQueryString()))
                .isEqualTo(event.getQueryStringParameters() == null ? Map.of() : event.getQueryStringParameters());
        if (event.getBody() != null) {
            assertThat(event.getHeaders())
                    .containsEntry(
                            "content-length",
                            Integer.toString(event.getBody().getBytes(StandardCharsets.UTF_8).length));
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : raw.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parameter.substring(0, equals),
                        URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private static APIGatewayV2HTTPEvent read(String json) {
        PojoSerializer<APIGatewayV2HTTPEvent> runtime = LambdaEventSerializers.serializerFor(
                APIGatewayV2HTTPEvent.class, TestEventsTest.class.getClassLoader());
        return runtime.fromJson(json);
    }
}
