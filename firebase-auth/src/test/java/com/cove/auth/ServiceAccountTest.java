package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to the service account: a stand-in for AWS Secrets Manager on the loopback. */
class ServiceAccountTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "aws.region", "eu-west-1",
            "aws.accessKeyId", "access",
            "aws.secretAccessKey", "secret");

    private HttpServer aws;
    private volatile int status = 200;
    private volatile String answer = "{}";
    private volatile String request = "";
    private volatile String scopes = "";

    @BeforeEach
    void start() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", this::respond);
        aws.start();
        SETTINGS.forEach(System::setProperty);
        System.setProperty(
                "aws.endpointUrlSecretsManager",
                "http://127.0.0.1:" + aws.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        aws.stop(0);
        SETTINGS.keySet().forEach(System::clearProperty);
        System.clearProperty("aws.endpointUrlSecretsManager");
    }

    @Test
    void theSecretIsReadByTheNameThatFirebaseSdkGives() throws IOException {
        answer = Json.text(Map.of("SecretString", "what it holds"));

        assertThat(ServiceAccountSecret.read("cove/firebase")).isEqualTo("what it holds");
        assertThat(Json.parse(request).get("SecretId").asText()).isEqualTo("cove/firebase");
    }

    @Test
    void aSecretThatIsNoServiceAccountIsNotQuoted() {
        answer = Json.text(Map.of("SecretString", "{\"private_key\": hunter2"));

        assertThatThrownBy(() -> new ServiceAccount("cove/firebase").refreshAccessToken())
                .isInstanceOf(IOException.class)
                .hasMessage("The AWS secret named by firebaseSDK does not hold a service account's JSON")
                .hasNoCause();
    }

    @Test
    void aSecretThatCannotBeReadNamesTheVariableAndTheFault() {
        status = 400;
        answer = Json.text(Map.of("__type", "ResourceNotFoundException", "message", "no such secret: cove/firebase"));

        assertThatThrownBy(() -> new ServiceAccount("cove/firebase").refreshAccessToken())
                .isInstanceOf(IOException.class)
                .hasMessage("The AWS secret named by firebaseSDK cannot be read (ResourceNotFoundException)");
    }

    @Test
    void aFailureIsNotRemembered() {
        ServiceAccount account = new ServiceAccount("cove/firebase");
        answer = "{}";
        assertThatThrownBy(account::refreshAccessToken).hasMessageContaining("holds no text");
        answer = Json.text(Map.of("SecretString", "[]"));
        assertThatThrownBy(account::refreshAccessToken).hasMessageContaining("does not hold");
    }

    @Test
    void theAccountAsksForPushesAndUsersAndNothingElse(@TempDir Path folder) throws Exception {
        aws.createContext("/token", this::grant);
        answer = Json.text(Map.of(
                "SecretString",
                Json.text(Map.of(
                        "type", "service_account",
                        "client_id", "1",
                        "client_email", "cove@cove-test.iam.gserviceaccount.com",
                        "private_key_id", "key",
                        "private_key", SigningKey.create(folder, "account").privatePem(),
                        "token_uri", "http://127.0.0.1:" + aws.getAddress().getPort() + "/token"))));

        assertThat(new ServiceAccount("cove/firebase").refreshAccessToken().getTokenValue())
                .isEqualTo("granted");
        assertThat(scopes.split(" "))
                .containsExactlyInAnyOrder(
                        "https://www.googleapis.com/auth/firebase.messaging",
                        "https://www.googleapis.com/auth/identitytoolkit");
    }

    /** Google's token endpoint: the scopes stand in the signed assertion. */
    private void grant(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String claims = form.split("\\.", -1)[1];
        scopes = Json.parse(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
                .get("scope")
                .asText();
        byte[] body = Json.bytes(Map.of("access_token", "granted", "token_type", "Bearer", "expires_in", 3_600));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void respond(HttpExchange exchange) throws IOException {
        request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
