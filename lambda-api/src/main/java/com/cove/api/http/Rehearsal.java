package com.cove.api.http;

import com.cove.api.ApiServices;
import com.cove.api.log.Redacted;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to every endpoint that change nothing, so that the classes of its whole path are loaded and compiled, and Google's keys are
 * known, before a snapshot is taken: with a token that looks like one of Google's and is refused, by somebody who does not exist,
 * for things that do not exist. It succeeds whatever is out of reach; then the first request loads what is left.
 */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    /** No thread, message or person has it. */
    private static final String NONE = "00000000-0000-7000-8000-000000000000";
    /** What any endpoint asks for; each ignores what is the others'. Without {@code fcmToken}: that forgets a device. */
    private static final Map<String, Object> BODY = Map.of(
            "threadId",
            NONE,
            "messageId",
            NONE,
            "content",
            "nothing",
            "participantIds",
            List.of(NONE),
            "visible",
            true);

    private static final Map<String, String> QUERY = Map.of("threadId", NONE, "cursor", NONE);
    /** The JVM compiles what runs often, and copies of the snapshot begin with that; what more rounds give is in docs/lambda.md. */
    private static final int ROUNDS = 200;

    /** No further round begins after it: a snapshot is waited for when a version is published. */
    private static final Duration PRACTICE = Duration.ofSeconds(10);

    private static final int RS256_SIGNATURE_BYTES = 256;

    private final ApiServices services;
    private final String projectId;
    private final Clock clock;

    /** @param projectId whose tokens are accepted */
    public Rehearsal(ApiServices services, String projectId, Clock clock) {
        this.services = services;
        this.projectId = projectId;
        this.clock = clock;
    }

    /** Takes some seconds. */
    public void run(Collection<ApiHandler> handlers) {
        long began = System.nanoTime();
        // Whatever could not be rehearsed is said once.
        boolean all = round(handlers);
        for (int round = 1; all && round < ROUNDS && System.nanoTime() - began < PRACTICE.toNanos(); round++) {
            all = round(handlers);
        }
        services.hook().rehearse();
    }

    /** @return whether every step got as far as it can get */
    private boolean round(Collection<ApiHandler> handlers) {
        GatewayEvent event = event();
        boolean all = attempt("the token", () -> services.tokens().verify(BearerToken.of(event)));
        // First of all whether there is a database: without one each endpoint would wait for it.
        if (!attempt("the database", services.database()::check)) {
            return false;
        }
        // Of each run another: nobody can have become this one.
        UserId nobody = new UserId("rehearsal-" + UUID.randomUUID());
        all &= attempt("who calls", () -> services.database().users().knows(new UserProfile(nobody, null, null)));
        for (ApiHandler handler : handlers) {
            all &= attempt(
                    handler.getClass().getSimpleName(),
                    () -> Json.bytes(
                            Responses.success(handler.handle(new ApiRequest(event, RequestId.made(), nobody)))));
        }
        return all;
    }

    /** The first step alone: Google's keys are fetched, where those there are have grown old. */
    public void renewKeys() {
        attempt("the token", () -> services.tokens().verify(refusedToken()));
    }

    private GatewayEvent event() {
        return GatewayEvent.read(Json.bytes(Map.of(
                "headers",
                Map.of("authorization", "Bearer " + refusedToken()),
                "queryStringParameters",
                QUERY,
                "body",
                Json.text(BODY),
                "isBase64Encoded",
                false)));
    }

    /** @return whether it got as far as it can get: to an answer, or to a refusal */
    private static boolean attempt(String what, Runnable step) {
        try {
            step.run();
        } catch (AppException refusal) {
            if (refusal.code().httpStatus() >= 500) {
                return missed(what, refusal);
            }
            // The path of every refusal, too.
            Json.bytes(Responses.failure(refusal, RequestId.made()));
        } catch (RuntimeException fault) {
            return missed(what, fault);
        }
        return true;
    }

    private static boolean missed(String what, RuntimeException problem) {
        LOG.atWarn()
                .addKeyValue("what", what)
                .setCause(Redacted.of(problem))
                .log("could not be rehearsed before the snapshot");
        return false;
    }

    /** As Google would make it, but for the signature, which has the right length, and for the name of a key: so that it is tried with all. */
    private String refusedToken() {
        long now = clock.instant().getEpochSecond();
        return base64(Json.bytes(Map.of("alg", "RS256", "typ", "JWT"))) + "."
                + base64(Json.bytes(Map.of(
                        "iss", "https://securetoken.google.com/" + projectId,
                        "aud", projectId,
                        "sub", NONE,
                        "user_id", NONE,
                        "auth_time", now,
                        "iat", now,
                        "exp", now + 60)))
                + "." + base64(new byte[RS256_SIGNATURE_BYTES]);
    }

    private static String base64(byte[] bytes) {
        return new String(Base64.getUrlEncoder().withoutPadding().encode(bytes), StandardCharsets.US_ASCII);
    }
}
