package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.aws.Line;
import com.cove.model.aws.Moto;
import com.cove.model.config.AwsSecret;
import com.cove.model.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to the service account: through moto's Secrets Manager to a stand-in for Google's token endpoint. */
class ServiceAccountTest {
    private static final String REGION = "eu-west-1";
    private static final String PROJECT = "cove-test";
    private static final String SECRET = "The secret of firebaseSDK ";
    private static final String NOBODY_KNOWS = "hunter2";

    @TempDir
    private static Path folder;

    private static String key;

    private final Moto moto = Moto.shared();
    private HttpServer google;
    private Line aws;
    private volatile String scopes = "";
    /** The id of the key that Google takes. */
    private volatile String accepted = "first";

    @BeforeAll
    static void makeKey() throws Exception {
        key = SigningKey.create(folder, "account").privatePem();
    }

    @BeforeEach
    void start() throws IOException {
        google = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        google.createContext("/token", this::grant);
        google.start();
        aws = Line.open();
        // Elsewhere than the secrets: their ARN decides.
        System.setProperty("aws.region", "us-east-1");
    }

    @AfterEach
    void stop() {
        google.stop(0);
        aws.close();
        System.clearProperty("aws.region");
    }

    @Test
    void theAccountAsksForPushesAndUsersAndNothingElse() throws IOException {
        assertThat(account(moto.create(REGION, json(Map.of())))
                        .refreshAccessToken()
                        .getTokenValue())
                .isEqualTo("granted");
        assertThat(scopes.split(" "))
                .containsExactlyInAnyOrder(
                        "https://www.googleapis.com/auth/firebase.messaging",
                        "https://www.googleapis.com/auth/identitytoolkit");
        assertThat(aws.calls()).containsOnly("GetSecretValue " + REGION);
    }

    @Test
    void aNameIsLookedForWhereTheProgramRuns() {
        assertThatThrownBy(() -> account("cove/firebase").refreshAccessToken())
                .hasMessage(SECRET + "cannot be read: there is no such secret in the region of AWS_REGION"
                        + " (ResourceNotFoundException)");
        assertThat(aws.calls()).containsOnly("GetSecretValue us-east-1");
    }

    @Test
    void aRotatedKeyIsFetchedWhenGoogleRefusesTheOldOne() throws IOException {
        String arn = moto.create(REGION, json(Map.of()));
        ServiceAccount account = account(arn);
        account.refreshAccessToken();

        accepted = "second";
        assertThatThrownBy(account::refreshAccessToken).isInstanceOf(IOException.class);

        moto.put(REGION, arn, json(Map.of("private_key_id", "second")));
        assertThat(account.refreshAccessToken().getTokenValue()).isEqualTo("granted");
    }

    @Test
    void whatIsKnownIsUsedWithoutSecretsManager() throws IOException {
        ServiceAccount account = account(moto.create(REGION, json(Map.of())));
        account.refreshAccessToken();
        int calls = aws.calls().size();
        aws.fallSilent();

        assertThat(account.refreshAccessToken().getTokenValue()).isEqualTo("granted");
        assertThat(aws.calls()).hasSize(calls);

        accepted = "second";
        assertThatThrownBy(account::refreshAccessToken)
                .hasMessageStartingWith(SECRET + "cannot be read: Secrets Manager does not answer");
        accepted = "first";
        assertThat(account.refreshAccessToken().getTokenValue()).isEqualTo("granted");
    }

    @Test
    void aFailureIsNotRemembered() throws IOException {
        ServiceAccount account = account(moto.create(REGION, json(Map.of())));
        aws.refuse(400, "AccessDeniedException");
        assertThatThrownBy(account::refreshAccessToken)
                .isInstanceOf(NoServiceAccountException.class)
                .hasMessage(SECRET + "cannot be read: the role of this program may not: it needs"
                        + " secretsmanager:GetSecretValue (AccessDeniedException)")
                .hasNoCause();
        aws.answer("<html>" + NOBODY_KNOWS + "</html>");
        assertThatThrownBy(account::refreshAccessToken)
                .hasMessageStartingWith(SECRET)
                .hasMessageNotContaining(NOBODY_KNOWS)
                .hasNoCause();
        aws.heal();
        assertThat(account.refreshAccessToken().getTokenValue()).isEqualTo("granted");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`hunter2`, is not JSON",
                "`{\"private_key\": hunter2`, is not JSON",
                "` `, its type is not service_account",
                "`[]`, its type is not service_account",
                "`{}`, its type is not service_account",
                "`{\"type\": \"authorized_user\", \"refresh_token\": \"hunter2\"}`, its type is not service_account",
                "`{\"type\": \"service_account\", \"private_key\": \"hunter2\"}`, has no client_email",
                "`{\"type\": \"service_account\", \"client_email\": \"hunter2\"}`, has no private_key",
                "`{\"type\": \"service_account\", \"client_email\": \"hunter2\", \"private_key\": \" \"}`, has no private_key",
            })
    void aMalformedSecretIsOneClearSentence(String text, String fault) {
        assertRefused(moto.create(REGION, text), fault);
    }

    @Test
    void aKeyThatIsNoneIsOneClearSentence() {
        for (String bad : new String[] {
            NOBODY_KNOWS, "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n", key.substring(0, 400)
        }) {
            assertRefused(moto.create(REGION, json(Map.of("private_key", bad))), "its private_key is no key");
        }
    }

    @Test
    void theAccountOfAnotherProjectIsOneClearSentence() {
        assertRefused(
                moto.create(REGION, json(Map.of("project_id", NOBODY_KNOWS))),
                "is of another project than FIREBASE_PROJECT_ID");
    }

    @Test
    void bytesAreNoSecret() {
        assertRefused(moto.createBinary(REGION, "aHVudGVyMg=="), "holds bytes, not text");
    }

    private static void assertRefused(String arn, String fault) {
        assertThatThrownBy(() -> account(arn).refreshAccessToken())
                .isInstanceOf(NoServiceAccountException.class)
                .hasMessageStartingWith(SECRET)
                .hasMessageEndingWith(fault)
                .hasMessageNotContaining(NOBODY_KNOWS)
                .hasNoCause();
    }

    private static ServiceAccount account(String id) {
        return new ServiceAccount(new AwsSecret("firebaseSDK", id), PROJECT);
    }

    private String json(Map<String, String> changes) {
        Map<String, String> fields = new HashMap<>(Map.of(
                "type", "service_account",
                "project_id", PROJECT,
                "client_id", "1",
                "client_email", "cove@cove-test.iam.gserviceaccount.com",
                "private_key_id", "first",
                "private_key", key,
                "token_uri", "http://127.0.0.1:" + google.getAddress().getPort() + "/token"));
        fields.putAll(changes);
        return Json.text(fields);
    }

    /** Google's token endpoint: key and scopes stand in the signed assertion. */
    private void grant(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String assertion = form.substring(form.indexOf("assertion=") + "assertion=".length());
        String[] parts = assertion.split("\\.", -1);
        boolean known = text(parts[0], "kid").equals(accepted);
        scopes = text(parts[1], "scope");
        byte[] body = Json.bytes(
                known
                        ? Map.of("access_token", "granted", "token_type", "Bearer", "expires_in", 3_600)
                        : Map.of("error", "invalid_grant", "error_description", "Invalid JWT Signature."));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String text(String base64, String field) {
        return Json.parse(new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8))
                .get(field)
                .asText();
    }
}
