package com.cove.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.TestDatabase;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of every kind, through the real runtime: each is handled, or refused with the contract's error. */
class GatewayEventsTest {
    private static final String DEVICE = "com.cove.api.device.UpdateFcmTokenHandler::handleRequest";
    private static final String BODY = "{\"fcmToken\":\"grüße\"}";

    private static World world;
    private static RuntimeApi api;
    private static FunctionProcess function;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        world = new World(TestDatabase.create(), new GoogleKeys(folder));
        api = new RuntimeApi();
        function = api.start(Function.of(DEVICE, world));
    }

    @AfterAll
    static void stop() throws Exception {
        function.close();
        api.close();
        world.google().close();
        world.database().close();
    }

    @Test
    void payloadFormat1OfAnHttpApiOrARestApiIsHandled() throws Exception {
        Map<String, Object> event = event();
        event.remove("version");
        event.put("resource", "/update-fcm-token");
        event.put("path", "/update-fcm-token");
        event.put("httpMethod", "POST");
        event.put("headers", Map.of("Authorization", "Bearer " + world.token(), "Content-Type", "application/json"));
        event.put("multiValueHeaders", Map.of("Authorization", List.of("Bearer " + world.token())));
        event.put("queryStringParameters", null);
        event.put("multiValueQueryStringParameters", null);
        event.put("pathParameters", null);
        event.put("stageVariables", null);
        event.put(
                "requestContext",
                Map.of(
                        "requestId",
                        "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
                        "identity",
                        Map.of("sourceIp", "203.0.113.7"),
                        "authorizer",
                        Map.of("claims", "none"),
                        "resourcePath",
                        "/update-fcm-token",
                        "requestTimeEpoch",
                        1_428_582_896_000L));

        handled(event);
        event.put("body", "{");
        assertThat(refused(event, 400, "invalid_request").at("/requestId").asText())
                .isEqualTo("c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
    }

    @Test
    void nothingButHeadersAndBodyIsNeeded() throws Exception {
        Map<String, Object> event = event();
        event.keySet().retainAll(List.of("headers", "body"));
        handled(event);
        event.put("requestContext", null);
        handled(event);
        event.put("requestContext", Map.of("requestId", "no id: \"}\n"));
        event.remove("body");
        assertThat(refused(event, 400, "invalid_request").at("/requestId").asText())
                .matches("[0-9a-f-]{36}");
    }

    @Test
    void withoutHeadersNobodyIsKnown() throws Exception {
        for (Object none : Arrays.asList(null, Map.of(), List.of(), "text", 7)) {
            Map<String, Object> event = event();
            event.put("headers", none);
            refused(event, 401, "unauthenticated");
        }
    }

    @Test
    void aBodyInBase64IsReadAndOtherBytesAreRefused() throws Exception {
        handled(base64(BODY.getBytes(StandardCharsets.UTF_8)));
        refused(base64(BODY.getBytes(StandardCharsets.ISO_8859_1)), 400, "invalid_request");
        refused(base64(BODY.getBytes(StandardCharsets.UTF_16)), 400, "invalid_request");
        refused(base64(new byte[] {0, (byte) 0xff, (byte) 0xfe, 0x1f, (byte) 0x8b}), 400, "invalid_request");
        refused(base64(new byte[0]), 400, "invalid_request");
        refused(base64(new byte[1_000_000]), 413, "payload_too_large");
        Map<String, Object> event = event();
        event.put("isBase64Encoded", true);
        refused(event, 400, "invalid_request");
    }

    @Test
    void aBodyThatIsNoTextIsRefused() throws Exception {
        for (Object body : Arrays.asList(null, 7, true, List.of(), Map.of("fcmToken", "a"), "", "\ufeff" + BODY)) {
            Map<String, Object> event = event();
            event.put("body", body);
            refused(event, 400, "invalid_request");
        }
    }

    /** Two say two things, and nobody knows which one holds: in either format, whatever the case. */
    @Test
    void twoTokensAreNone() throws Exception {
        String one = "Bearer " + world.token();
        Map<String, Object> joined = event();
        joined.put("headers", Map.of("authorization", one + "," + one));
        refused(joined, 401, "unauthenticated");
        Map<String, Object> multiple = event();
        multiple.put("headers", Map.of("Authorization", one));
        multiple.put("multiValueHeaders", Map.of("Authorization", List.of("Bearer x", one)));
        refused(multiple, 401, "unauthenticated");
        Map<String, Object> cases = event();
        cases.put("headers", Map.of("authorization", one, "Authorization", one));
        refused(cases, 401, "unauthenticated");
    }

    @Test
    void hugeHeadersHarmNobody() throws Exception {
        Map<String, Object> event = event();
        event.put("headers", Map.of("authorization", "Bearer " + "a".repeat(1_000_000)));
        refused(event, 401, "unauthenticated");
        Map<String, String> many = new HashMap<>(Map.of("authorization", "Bearer " + world.token()));
        for (int i = 0; i < 5_000; i++) {
            many.put("x-header-" + i, "ü".repeat(100));
        }
        event.put("headers", many);
        handled(event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"version\":\"0\",\"detail-type\":\"Scheduled Event\",\"source\":\"aws.events\",\"resources\":[\"arn\"],\"detail\":{}}",
                "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"x\"}]}",
                "{\"headers\":null,\"body\":null,\"requestContext\":null}",
                "{\"requestContext\":[],\"headers\":{\"authorization\":7}}"
            })
    void anEventOfAnotherKindIsNobodys(String event) throws Exception {
        refused(event, 401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "7", "null", "true", "[{}]"})
    void whatIsNoEventIsInvalid(String event) throws Exception {
        refused(event, 400, "invalid_request");
    }

    @Test
    void depthIsBounded() throws Exception {
        refused("[".repeat(10_000), 400, "invalid_request");
        refused("{\"headers\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_001), 400, "invalid_request");
    }

    private static Map<String, Object> event() {
        return new HashMap<>(Map.of(
                "version",
                "2.0",
                "headers",
                Map.of("authorization", "Bearer " + world.token()),
                "requestContext",
                Map.of("requestId", "VKbzVgr1DoEEMgw="),
                "body",
                BODY,
                "isBase64Encoded",
                false));
    }

    private static Map<String, Object> base64(byte[] body) {
        Map<String, Object> event = event();
        event.put("isBase64Encoded", true);
        event.put("body", Base64.getEncoder().encodeToString(body));
        return event;
    }

    private static void handled(Map<String, Object> event) throws Exception {
        JsonNode answer = answer(Json.text(event));
        assertThat(answer.at("/statusCode").asInt()).as("%s", answer).isEqualTo(200);
    }

    private static JsonNode refused(Map<String, Object> event, int status, String code) throws Exception {
        return refused(Json.text(event), status, code);
    }

    private static JsonNode refused(String event, int status, String code) throws Exception {
        JsonNode answer = answer(event);
        assertThat(answer.at("/statusCode").asInt()).as("%s", answer).isEqualTo(status);
        assertThat(answer.at("/headers/content-type").asText()).isEqualTo("application/problem+json");
        JsonNode problem = Json.parse(answer.at("/body").asText());
        assertThat(problem.at("/code").asText()).isEqualTo(code);
        assertThat(problem.at("/requestId").asText()).isNotBlank();
        return problem;
    }

    private static JsonNode answer(String event) throws Exception {
        RuntimeApi.Report report = api.invoke(event);
        assertThat(report.error()).as(report.json()).isFalse();
        return Json.parse(report.json());
    }
}
