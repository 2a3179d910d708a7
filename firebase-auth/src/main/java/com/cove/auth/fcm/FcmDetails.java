package com.cove.auth.fcm;

import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of an error's body the SDK does not tell: FCM has one code for a bad token and a bad message, and one for too many
 * messages of us and to one device.
 *
 * @param badToken it is the token that is invalid
 * @param oneDevice it is one device that was sent too much
 */
record FcmDetails(boolean badToken, boolean oneDevice) {
    private static final String BAD_TOKEN = "registration token is not a valid fcm registration token";

    static FcmDetails of(@Nullable String content) {
        JsonNode error = parse(content).path("error");
        return new FcmDetails(
                mentions(error.path("message"), BAD_TOKEN)
                        || violations(error, "fieldViolations")
                                .anyMatch(violation ->
                                        violation.path("field").asText().equals("message.token")),
                mentions(error.path("message"), "device")
                        || violations(error, "violations")
                                .anyMatch(violation -> mentions(violation.path("subject"), "device")
                                        || mentions(violation.path("description"), "device")));
    }

    private static Stream<JsonNode> violations(JsonNode error, String name) {
        return error.path("details")
                .valueStream()
                .flatMap(detail -> detail.path(name).valueStream());
    }

    private static boolean mentions(JsonNode text, String what) {
        return text.asText().toLowerCase(Locale.ROOT).contains(what);
    }

    /** Proxies and outages answer in HTML, or not at all. */
    private static JsonNode parse(@Nullable String content) {
        try {
            return content == null ? MissingNode.getInstance() : Json.parse(content);
        } catch (AppException e) {
            return MissingNode.getInstance();
        }
    }
}
