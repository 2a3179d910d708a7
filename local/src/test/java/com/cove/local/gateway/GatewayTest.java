package com.cove.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.cove.local.page.Page;
import com.cove.local.page.PageConfig;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_583_348_638_390L);

    private final AtomicReference<@Nullable APIGatewayV2HTTPEvent> received = new AtomicReference<>();
    private final AtomicReference<@Nullable Context> invocation = new AtomicReference<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private APIGatewayV2HTTPResponse answer = new APIGatewayV2HTTPResponse();
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        answer = APIGatewayV2HTTPResponse.builder()
                .withStatusCode(201)
                .withHeaders(Map.of("content-type", "application/json"))
                .withBody("{\"said\":\"héllo\"}")
                .build();
        RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> echo = (event, context) -> {
            received.set(event);
            invocation.set(context);
            return answer;
        };
        RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> broken = (event, context) -> {
            throw new IllegalStateException("secret cause");
        };
        gateway = Gateway.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Map.of("POST /my/path", stream(echo), "GET /my/path", stream(echo), "GET /broken", stream(broken)),
                page(true),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    /** The example of AWS's page on payload format 2.0, except for what only authorizers and path parameters add. */
    @Test
    void aRequestBecomesTheEventThatAwsDocuments() {
        HttpRequest request = new HttpRequest(
                "POST",
                "/my/path",
                "parameter1=value1&parameter1=value2&parameter2=value",
                "HTTP/1.1",
                Map.of(
                        "header1", List.of("value1"),
                        "header2", List.of("value1", "value2"),
                        "cookie", List.of("cookie1; cookie2"),
                        "content-type", List.of("text/plain"),
                        "host", List.of("id.execute-api.us-east-1.amazonaws.com"),
                        "user-agent", List.of("agent")),
                "Hello from Lambda".getBytes(StandardCharsets.UTF_8),
                "192.0.2.1",
                443,
                "id",
                NOW);

        assertThat((JsonNode) GatewayEvent.of(request, "$default")).isEqualTo(Json.parse("""
                        {
                          "version": "2.0",
                          "routeKey": "$default",
                          "rawPath": "/my/path",
                          "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
                          "cookies": ["cookie1", "cookie2"],
                          "headers": {
                            "header1": "value1",
                            "header2": "value1,value2",
                            "content-type": "text/plain",
                            "host": "id.execute-api.us-east-1.amazonaws.com",
                            "user-agent": "agent",
                            "x-forwarded-for": "192.0.2.1",
                            "x-forwarded-port": "443",
                            "x-forwarded-proto": "http"
                          },
                          "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
                          "requestContext": {
                            "accountId": "123456789012",
                            "apiId": "local",
                            "domainName": "id.execute-api.us-east-1.amazonaws.com",
                            "domainPrefix": "id",
                            "http": {
                              "method": "POST",
                              "path": "/my/path",
                              "protocol": "HTTP/1.1",
                              "sourceIp": "192.0.2.1",
                              "userAgent": "agent"
                            },
                            "requestId": "id",
                            "routeKey": "$default",
                            "stage": "$default",
                            "time": "04/Mar/2020:19:03:58 +0000",
                            "timeEpoch": 1583348638390
                          },
                          "body": "Hello from Lambda",
                          "isBase64Encoded": false
                        }
                        """));
    }

    @Test
    void theHandlerGetsTheEventAndItsAnswerGoesBack() throws Exception {
        HttpResponse<String> response = send(request("/my/path?q=a%26b+c&q=d&flag&=nameless&percent=%25")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("X-Twice", "one")
                .header("X-Twice", "two")
                .header("Cookie", "a=1; b=2")
                .POST(BodyPublishers.ofString("{\"text\":\"zoë\"}")));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().map()).containsEntry("content-type", List.of("application/json"));
        assertThat(response.body()).isEqualTo("{\"said\":\"héllo\"}");
        APIGatewayV2HTTPEvent event = event();
        assertThat(event.getRouteKey()).isEqualTo("POST /my/path");
        assertThat(event.getHeaders()).containsEntry("x-twice", "one,two").doesNotContainKey("cookie");
        assertThat(event.getCookies()).containsExactly("a=1", "b=2");
        assertThat(event.getRawQueryString()).isEqualTo("q=a%26b+c&q=d&flag&=nameless&percent=%25");
        assertThat(event.getQueryStringParameters()).isEqualTo(Map.of("q", "a&b c,d", "flag", "", "percent", "%"));
        assertThat(event.getBody()).isEqualTo("{\"text\":\"zoë\"}");
        assertThat(event.getIsBase64Encoded()).isFalse();
        assertThat(event.getRequestContext().getHttp().getSourceIp()).isEqualTo("127.0.0.1");
    }

    @Test
    void withoutQueryCookiesAndBodyTheirFieldsAreAbsent() throws Exception {
        send(request("/my/path").GET());

        APIGatewayV2HTTPEvent event = event();
        assertThat(event.getRawQueryString()).isEmpty();
        assertThat(event.getQueryStringParameters()).isNull();
        assertThat(event.getCookies()).isNull();
        assertThat(event.getBody()).isNull();
        assertThat(event.getIsBase64Encoded()).isFalse();
    }

    @Test
    void aBodyThatIsNotTextComesInBase64() throws Exception {
        byte[] bytes = {0, 1, 2, (byte) 0xff};
        send(request("/my/path")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(bytes)));

        assertThat(event().getIsBase64Encoded()).isTrue();
        assertThat(Base64.getDecoder().decode(event().getBody())).isEqualTo(bytes);

        send(request("/my/path").POST(BodyPublishers.ofString("no type")));

        assertThat(event().getIsBase64Encoded()).isTrue();
        assertThat(Base64.getDecoder().decode(event().getBody()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("no type");
    }

    @Test
    void aBase64AnswerGoesOutAsBytesAndCookiesAsHeadersOfTheirOwn() throws Exception {
        answer = APIGatewayV2HTTPResponse.builder()
                .withStatusCode(200)
                .withCookies(List.of("a=1", "b=2"))
                .withBody(Base64.getEncoder().encodeToString("bytes".getBytes(StandardCharsets.UTF_8)))
                .withIsBase64Encoded(true)
                .build();

        HttpResponse<String> response = send(request("/my/path").GET());

        assertThat(response.body()).isEqualTo("bytes");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    }

    @Test
    void theInvocationsContextKnowsTheRequest() throws Exception {
        HttpResponse<String> response = send(request("/my/path").GET());

        Context context = Objects.requireNonNull(invocation.get());
        assertThat(context.getAwsRequestId())
                .isEqualTo(event().getRequestContext().getRequestId())
                .isEqualTo(response.headers().firstValue("apigw-requestid").orElseThrow());
        assertThat(context.getFunctionName()).isEqualTo("path");
        assertThat(context.getRemainingTimeInMillis()).isPositive();
    }

    @Test
    void anUnknownRouteOrMethodIsNotFound() throws Exception {
        assertAnswer(send(request("/nowhere").GET()), 404, "{\"message\":\"Not Found\"}");
        assertAnswer(send(request("/my/path/").GET()), 404, "{\"message\":\"Not Found\"}");
        assertAnswer(
                send(request("/my/path").method("DELETE", BodyPublishers.noBody())),
                404,
                "{\"message\":\"Not Found\"}");
    }

    @Test
    void aHandlerThatFailsSaysNothingOfTheCause() throws Exception {
        assertAnswer(send(request("/broken").GET()), 500, "{\"message\":\"Internal Server Error\"}");
    }

    @Test
    void sixMegabytesPassAndMoreDoNot() throws Exception {
        byte[] body = new byte[6 * 1024 * 1024];
        assertThat(send(request("/my/path").POST(BodyPublishers.ofByteArray(body)))
                        .statusCode())
                .isEqualTo(201);

        byte[] tooMuch = new byte[body.length + 1];
        assertAnswer(
                send(request("/my/path").POST(BodyPublishers.ofByteArray(tooMuch))),
                413,
                "{\"message\":\"Request Entity Too Large\"}");
    }

    @Test
    void aPreflightIsAnsweredWithoutTheHandler() throws Exception {
        // The JDK's client does not let one set Origin.
        String response = raw("OPTIONS /my/path", "Origin: https://example.com", "Access-Control-Request-Method: POST");

        assertThat(response)
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-allow-origin: *")
                .containsIgnoringCase("access-control-allow-headers: authorization,content-type");
        assertThat(received.get()).isNull();
    }

    @Test
    void anotherOriginMayReadTheAnswer() throws Exception {
        assertThat(raw("GET /my/path", "Origin: https://example.com"))
                .containsIgnoringCase("access-control-allow-origin: *");
    }

    @Test
    void thePageComesWithAPolicyThatAllowsNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = send(request("/").GET());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("<title>Cove</title>")
                .doesNotContain("http://", "https://", "style=", "onclick");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .contains("ws://localhost:3901")
                .doesNotContain("unsafe");
        assertThat(send(request("/vendor/socket.io.esm.min.js").GET()).statusCode())
                .isEqualTo(200);
        assertThat(send(request("/views/threads.js").GET()).headers().firstValue("content-type"))
                .contains("text/javascript; charset=utf-8");
        assertThat(Json.parse(send(request("/local/config.json").GET()).body()))
                .isEqualTo(
                        Json.parse(
                                "{\"projectId\":\"cove-local\",\"socketUrl\":\"http://localhost:3901\",\"auth\":{\"kind\":\"local\"},\"phones\":true}"));
    }

    @Test
    void whatAPhoneShowsIsServedByItsTokenWhereThereArePhones() throws Exception {
        HttpResponse<String> phone =
                send(request("/local/phones.json?token=local-phone-%C3%A9mile").GET());

        assertThat(phone.body()).isEqualTo("[\"local-phone-émile\"]");
        assertThat(phone.headers().firstValue("content-type")).contains("application/json");
        assertThat(raw("GET /local/phones.json")).startsWith("HTTP/1.1 404");
        assertThat(page(false).file("/local/phones.json", Map.of("token", "local-phone-ada")))
                .isEmpty();
    }

    @Test
    void nothingOutsideThePagesFolderIsServed() throws Exception {
        assertThat(raw("GET /inside.json")).startsWith("HTTP/1.1 200");
        for (String path : List.of(
                "/../com/cove/local/Page.class",
                "/%2e%2e/x.js",
                "/views/",
                "/.js",
                "/web/index.html",
                "//etc/x.js",
                "/../outside.json",
                "/views/../../outside.json")) {
            assertThat(raw("GET " + path)).as(path).startsWith("HTTP/1.1 404");
        }
    }

    private static Page page(boolean phones) {
        PageConfig config = new PageConfig("cove-local", "http://localhost:3901", PageConfig.SignIn.local(), phones);
        return new Page(config, token -> Json.bytes(List.of(token)));
    }

    /** Read and written by the serialiser of the Lambda runtime, which knows what AWS sends. */
    private static RequestStreamHandler stream(
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) {
        PojoSerializer<APIGatewayV2HTTPEvent> events = serializer(APIGatewayV2HTTPEvent.class);
        PojoSerializer<APIGatewayV2HTTPResponse> answers = serializer(APIGatewayV2HTTPResponse.class);
        return (in, out, context) -> answers.toJson(handler.handleRequest(events.fromJson(in), context), out);
    }

    private static <T> PojoSerializer<T> serializer(Class<T> type) {
        return LambdaEventSerializers.serializerFor(type, GatewayTest.class.getClassLoader());
    }

    private APIGatewayV2HTTPEvent event() {
        return Objects.requireNonNull(received.get(), "the handler got no event");
    }

    private static void assertAnswer(HttpResponse<String> response, int status, String body) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
    }

    private java.net.http.HttpRequest.Builder request(String pathAndQuery) {
        return java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + pathAndQuery));
    }

    private HttpResponse<String> send(java.net.http.HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** A request as written, also where no client would send it. */
    private String raw(String methodAndPath, String... headers) throws IOException {
        String head = methodAndPath + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining()) + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
