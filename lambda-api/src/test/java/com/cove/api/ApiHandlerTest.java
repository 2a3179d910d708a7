package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.Schemas;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.aws.Line;
import com.cove.model.aws.Moto;
import com.cove.model.user.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every endpoint does alike. */
@ExtendWith(TestDatabaseExtension.class)
class ApiHandlerTest {
    private TestDatabase database;
    private Api api;

    @BeforeEach
    void open(TestDatabase database) {
        this.database = database;
        this.api = new Api(database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", "nonsense", "bearer\tx"})
    void withoutAValidTokenNothingIsDone(String authorization) {
        Reply reply = api.call("GET /threads", withHeaders(Map.of("authorization", authorization)));

        reply.expectProblem("unauthenticated", 401);
        assertThat(reply.headers()).containsEntry("www-authenticate", "Bearer");
        assertThat(database.ask("SELECT count(*) FROM app_user")).isEqualTo("0");
    }

    @Test
    void anEventWithNothingInItIsUnauthenticated() {
        api.call("GET /threads", new APIGatewayV2HTTPEvent()).expectProblem("unauthenticated", 401);
        api.call("POST /send-message", new APIGatewayV2HTTPEvent()).expectProblem("unauthenticated", 401);
    }

    @Test
    void anExpiredTokenIsUnauthenticated() {
        String token =
                api.tokens.issue(new UserId("ann"), "Ann", null, Instant.now().minusSeconds(1));

        api.call("GET /threads", withHeaders(Map.of("authorization", "Bearer " + token)))
                .expectProblem("unauthenticated", 401);
    }

    @Test
    void namesOfHeadersAndTheSchemeAreCaseInsensitive() {
        String token = api.tokens.issue("ann");

        api.call("GET /threads", withHeaders(Map.of("Authorization", "bearer " + token)))
                .expect(200);
        api.call("GET /threads", withHeaders(Map.of("AUTHORIZATION", "BEARER   " + token + " ")))
                .expect(200);
    }

    @Test
    void aHeaderWithoutValueIsNone() {
        Map<String, String> headers = new HashMap<>();
        headers.put("authorization", null);

        api.call("GET /threads", withHeaders(headers)).expectProblem("unauthenticated", 401);
    }

    @Test
    void theTokenIsLookedAtBeforeTheRequest() {
        APIGatewayV2HTTPEvent event = withHeaders(Map.of());
        event.setBody("{".repeat(1_000_000));

        api.call("POST /send-message", event).expectProblem("unauthenticated", 401);
    }

    @Test
    void keysOutOfReachMakeTheServiceUnavailable() {
        APIGatewayV2HTTPEvent event = api.event("ann");
        api.tokens.keysOutOfReach(true);

        api.call("GET /threads", event).expectProblem("unavailable", 503);
    }

    @Test
    void aDatabaseOutOfReachMakesTheServiceUnavailable() {
        try (Database gone = Database.open(
                DatabaseConfig.of("postgresql://cove@127.0.0.1:1/cove").withPoolSize(1))) {
            Reply reply = new Api(gone).get("ann", "/threads", Map.of());

            reply.expectProblem("unavailable", 503);
            assertThat(reply.text()).doesNotContain("127.0.0.1", "Hikari", "SQL");
        }
    }

    @Test
    void whoOnlyReadsIsNotLookedForInTheDatabaseAgainAndWhoWritesIs() {
        api.get("ann", "/threads", Map.of()).expect(200);
        database.execute("UPDATE app_user SET name = 'another'");

        api.get("ann", "/threads", Map.of()).expect(200);
        assertThat(database.ask("SELECT name FROM app_user")).isEqualTo("another");

        api.post("ann", "/update-presence", Map.of("visible", true)).expect(200);
        assertThat(database.ask("SELECT name FROM app_user")).isEqualTo("ann");
    }

    @Test
    void aReadWhoseConnectionDiedIsAskedAgain() {
        DatabaseConfig config = DatabaseConfig.of(database.url() + "?ApplicationName=dies");
        try (Database dies = Database.open(config.withPoolSize(1))) {
            Api onIt = new Api(dies);
            onIt.get("ann", "/threads", Map.of()).expect(200);
            assertThat(
                            database.ask(
                                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'dies'"))
                    .isEqualTo("1");

            onIt.get("ann", "/threads", Map.of()).expect(200);
        }
    }

    /** The call ends in bounded time, as any without a database; and when Secrets Manager is back the next one succeeds. */
    @Test
    void secretsManagerOutOfReachMakesTheServiceUnavailable() throws Exception {
        String arn = Moto.shared().create("eu-central-1", "{\"username\": \"postgres\", \"password\": \"hunter2\"}");
        try (Line aws = Line.open()) {
            aws.fallSilent();
            try (Database waiting = Database.open(DatabaseConfig.fromEnvironment(
                    Map.of("DATABASE_URL", database.url(), "RDS_MASTER_SECRET_ARN", arn)))) {
                Reply reply = new Api(waiting).get("ann", "/threads", Map.of());
                reply.expectProblem("unavailable", 503);
                assertThat(reply.text()).doesNotContain("hunter", "arn:", "RDS_", "Secrets");

                aws.heal();
                Reply later = new Api(waiting).get("ann", "/threads", Map.of());
                for (int i = 0; later.status() == 503 && i < 15; i++) {
                    later = new Api(waiting).get("ann", "/threads", Map.of());
                }
                assertThat(later.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aSchemaThatWeDoNotKnowMakesTheServiceUnavailable() {
        DatabaseConfig old = TestDatabase.createEmpty();
        Schemas.migrateTo(old, "6");
        try (Database database = Database.open(old.withPoolSize(1))) {
            Reply reply = new Api(database).get("ann", "/threads", Map.of());

            reply.expectProblem("unavailable", 503);
            assertThat(reply.text()).doesNotContain("version 6", "migrate");
        }
    }

    @Test
    void aFaultOfOursIsInternalAndTellsNothingButTheRequestId() {
        APIGatewayV2HTTPEvent event = api.event("ann");
        event.setRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder()
                .withRequestId("VKbzVgr1DoEEMgw=")
                .build());
        database.execute("ALTER TABLE app_user RENAME TO app_user_gone");

        Reply reply = api.call("GET /threads", event).expectProblem("internal", 500);

        assertThat(reply.at("/requestId")).isEqualTo("VKbzVgr1DoEEMgw=");
        assertThat(reply.text()).doesNotContain("app_user", "relation", "jdbi", "Exception");
    }

    @Test
    void withoutARequestIdOneIsMade() {
        Reply first = api.call("GET /threads", new APIGatewayV2HTTPEvent());
        Reply second = api.call("GET /threads", new APIGatewayV2HTTPEvent());

        assertThat(first.at("/requestId")).isNotBlank().isNotEqualTo(second.at("/requestId"));
    }

    @Test
    void answersAreJsonThatNobodyStoresOrGuessesAt() {
        Reply reply = api.get("ann", "/threads", Map.of());

        assertThat(reply.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff");
        assertThat(api.get("ann", "/sync", Map.of()).headers())
                .containsEntry("content-type", "application/problem+json")
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff");
    }

    @Test
    void aBodyMayComeAsBase64() {
        postBytes("{\"fcmToken\": \"grüße\"}".getBytes(StandardCharsets.UTF_8)).expect(200);
    }

    @Test
    void aBodyThatIsNoUtf8IsInvalid() {
        postBytes("{\"fcmToken\": \"grüße\"}".getBytes(StandardCharsets.ISO_8859_1))
                .expectProblem("invalid_request", 400);
        postBytes("{\"fcmToken\": \"a\"}".getBytes(StandardCharsets.UTF_16)).expectProblem("invalid_request", 400);
    }

    @Test
    void aBodyThatIsNoBase64IsInvalid() {
        APIGatewayV2HTTPEvent event = api.event("ann");
        event.setIsBase64Encoded(true);
        event.setBody("{\"fcmToken\": \"a\"}");

        api.call("POST /update-fcm-token", event).expectProblem("invalid_request", 400);
    }

    @Test
    void aBodyHasAtMost256KilobytesHoweverItComes() {
        String padding = " ".repeat(256 * 1024 - 2);

        api.postText("ann", "/update-fcm-token", "{}" + padding).expect(200);
        api.postText("ann", "/update-fcm-token", "{}" + padding + " ").expectProblem("payload_too_large", 413);
        api.postText("ann", "/update-fcm-token", "\"" + "ü".repeat(200_000) + "\"")
                .expectProblem("payload_too_large", 413);
        postBytes(("{}" + padding).getBytes(StandardCharsets.UTF_8)).expect(200);
        postBytes(("{}" + padding + " ").getBytes(StandardCharsets.UTF_8)).expectProblem("payload_too_large", 413);
        postBytes(new byte[1_000_000]).expectProblem("payload_too_large", 413);
    }

    private Reply postBytes(byte[] body) {
        APIGatewayV2HTTPEvent event = api.event("ann");
        event.setIsBase64Encoded(true);
        event.setBody(Base64.getEncoder().encodeToString(body));
        return api.call("POST /update-fcm-token", event);
    }

    private static APIGatewayV2HTTPEvent withHeaders(Map<String, @Nullable String> headers) {
        return APIGatewayV2HTTPEvent.builder()
                .withHeaders(new HashMap<>(headers))
                .build();
    }
}
