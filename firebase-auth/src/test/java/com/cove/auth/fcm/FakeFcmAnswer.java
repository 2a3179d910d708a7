package com.cove.auth.fcm;

import com.cove.model.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What {@link FakeFcm} does with a request; the bodies are those that Google's reference and its users' reports show. */
public sealed interface FakeFcmAnswer {
    /** Looks at the request as FCM does, and takes it if it is in order. */
    record Judge() implements FakeFcmAnswer {}

    record Reply(int status, String body, Map<String, String> headers) implements FakeFcmAnswer {
        public Reply with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Reply(status, body, more);
        }

        public Reply withRetryAfter(String value) {
            return with("Retry-After", value);
        }
    }

    /** The stream ends with an error, its connection goes on. */
    record Reset() implements FakeFcmAnswer {}

    /** The connection is closed. */
    record Close() implements FakeFcmAnswer {}

    /** Never. */
    record Stall() implements FakeFcmAnswer {}

    /** Another answer, when this is complete. */
    record When(CompletionStage<?> gate, FakeFcmAnswer then) implements FakeFcmAnswer {}

    static FakeFcmAnswer judged() {
        return new Judge();
    }

    static Reply unregistered() {
        return error(404, "NOT_FOUND", "Requested entity was not found.", fcmError("UNREGISTERED"));
    }

    static Reply senderIdMismatch() {
        return error(403, "PERMISSION_DENIED", "SenderId mismatch", fcmError("SENDER_ID_MISMATCH"));
    }

    static Reply invalidToken() {
        return error(
                400,
                "INVALID_ARGUMENT",
                "The registration token is not a valid FCM registration token",
                fcmError("INVALID_ARGUMENT"));
    }

    /** As FCM put it in earlier years: the field is named, and no more. */
    static Reply invalidTokenField() {
        return error(
                400,
                "INVALID_ARGUMENT",
                "Request contains an invalid argument.",
                fcmError("INVALID_ARGUMENT"),
                badRequest("message.token", "Invalid registration token"));
    }

    static Reply tooBig() {
        return error(
                400,
                "INVALID_ARGUMENT",
                "Android message is too big",
                fcmError("INVALID_ARGUMENT"),
                badRequest("message", "Android message is too big"));
    }

    static Reply invalid(String field, String description) {
        return error(400, "INVALID_ARGUMENT", description, badRequest(field, description));
    }

    /** A wrong project, or a wrong address: nothing is said about a token. */
    static Reply notFound() {
        return error(404, "NOT_FOUND", "Requested entity was not found.");
    }

    static Reply unauthenticated() {
        return error(
                        401,
                        "UNAUTHENTICATED",
                        "Request had invalid authentication credentials. Expected OAuth 2 access token.")
                .with("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"");
    }

    static Reply thirdPartyAuthError() {
        return error(
                401, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service", fcmError("THIRD_PARTY_AUTH_ERROR"));
    }

    static Reply permissionDenied() {
        return error(
                403,
                "PERMISSION_DENIED",
                "Permission 'cloudmessaging.messages.create' denied on resource (or it may not exist).");
    }

    static Reply quotaExceeded() {
        return error(
                429,
                "RESOURCE_EXHAUSTED",
                "Quota exceeded for quota metric 'Send requests' and limit 'Send requests per minute'",
                fcmError("QUOTA_EXCEEDED"));
    }

    static Reply deviceQuotaExceeded() {
        return error(
                429,
                "RESOURCE_EXHAUSTED",
                "Resource has been exhausted (e.g. check quota).",
                fcmError("QUOTA_EXCEEDED"),
                Map.of(
                        "@type",
                        "type.googleapis.com/google.rpc.QuotaFailure",
                        "violations",
                        List.of(Map.of("subject", "device", "description", "Device message rate exceeded"))));
    }

    static Reply internal() {
        return error(500, "INTERNAL", "Internal error encountered.", fcmError("INTERNAL"));
    }

    static Reply unavailable() {
        return error(503, "UNAVAILABLE", "The service is currently unavailable.", fcmError("UNAVAILABLE"));
    }

    /** Any status with any body, as of something that is not FCM. */
    static Reply reply(int status, String body) {
        return new Reply(status, body, Map.of("Content-Type", "text/html; charset=UTF-8"));
    }

    static FakeFcmAnswer reset() {
        return new Reset();
    }

    static FakeFcmAnswer close() {
        return new Close();
    }

    static FakeFcmAnswer stall() {
        return new Stall();
    }

    static FakeFcmAnswer when(CompletionStage<?> gate, FakeFcmAnswer then) {
        return new When(gate, then);
    }

    static Reply accepted(String name) {
        return json(200, Map.of("name", name));
    }

    private static Map<String, Object> fcmError(String code) {
        return Map.of("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode", code);
    }

    private static Map<String, Object> badRequest(String field, String description) {
        return Map.of(
                "@type",
                "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations",
                List.of(Map.of("field", field, "description", description)));
    }

    /** {@code google.rpc.Status}, as Google's JSON interfaces wrap it. */
    private static Reply error(int status, String name, String message, Object... details) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", status);
        error.put("message", message);
        error.put("status", name);
        if (details.length > 0) {
            error.put("details", List.of(details));
        }
        return json(status, Map.of("error", error));
    }

    private static Reply json(int status, Map<String, Object> body) {
        return new Reply(status, Json.text(body), Map.of("Content-Type", "application/json; charset=UTF-8"));
    }
}
