package com.cove.auth.fcm;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What FCM takes, from its reference of {@code projects.messages}: every field with its type, and the rules that FCM, APNs
 * and web push have for the values.
 */
final class FakeFcmRules {
    static final int MAX_BYTES = 4_096;
    private static final long MAX_TTL_SECONDS = 2_419_200;
    private static final Pattern TTL = Pattern.compile("([0-9]+)(\\.[0-9]{1,9})?s");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Set<String> URGENCIES = Set.of("very-low", "low", "normal", "high");

    private enum Type {
        STRING,
        BOOLEAN,
        INTEGER,
        /** A map of strings. */
        STRINGS,
        LIST,
        /** Anything: a Struct. */
        ANY
    }

    private static final Map<String, Object> LABEL = Map.of("analytics_label", Type.STRING);

    private static final Map<String, Object> ANDROID_NOTIFICATION = Map.ofEntries(
            Map.entry("title", Type.STRING),
            Map.entry("body", Type.STRING),
            Map.entry("icon", Type.STRING),
            Map.entry("color", Type.STRING),
            Map.entry("sound", Type.STRING),
            Map.entry("tag", Type.STRING),
            Map.entry("click_action", Type.STRING),
            Map.entry("body_loc_key", Type.STRING),
            Map.entry("body_loc_args", Type.LIST),
            Map.entry("title_loc_key", Type.STRING),
            Map.entry("title_loc_args", Type.LIST),
            Map.entry("channel_id", Type.STRING),
            Map.entry("ticker", Type.STRING),
            Map.entry("sticky", Type.BOOLEAN),
            Map.entry("event_time", Type.STRING),
            Map.entry("local_only", Type.BOOLEAN),
            Map.entry("notification_priority", Type.STRING),
            Map.entry("default_sound", Type.BOOLEAN),
            Map.entry("default_vibrate_timings", Type.BOOLEAN),
            Map.entry("default_light_settings", Type.BOOLEAN),
            Map.entry("vibrate_timings", Type.LIST),
            Map.entry("visibility", Type.STRING),
            Map.entry("notification_count", Type.INTEGER),
            Map.entry("light_settings", Type.ANY),
            Map.entry("image", Type.STRING),
            Map.entry("proxy", Type.STRING));

    private static final Map<String, Object> ANDROID = Map.ofEntries(
            Map.entry("collapse_key", Type.STRING),
            Map.entry("priority", Type.STRING),
            Map.entry("ttl", Type.STRING),
            Map.entry("restricted_package_name", Type.STRING),
            Map.entry("data", Type.STRINGS),
            Map.entry("notification", ANDROID_NOTIFICATION),
            Map.entry("fcm_options", LABEL),
            Map.entry("direct_boot_ok", Type.BOOLEAN),
            Map.entry("bandwidth_constrained_ok", Type.BOOLEAN),
            Map.entry("restricted_satellite_ok", Type.BOOLEAN));

    private static final Map<String, Object> MESSAGE = Map.ofEntries(
            Map.entry("name", Type.STRING),
            Map.entry("data", Type.STRINGS),
            Map.entry("notification", Map.of("title", Type.STRING, "body", Type.STRING, "image", Type.STRING)),
            Map.entry("android", ANDROID),
            Map.entry(
                    "webpush",
                    Map.of(
                            "headers", Type.STRINGS,
                            "data", Type.STRINGS,
                            "notification", Type.ANY,
                            "fcm_options", Map.of("link", Type.STRING, "analytics_label", Type.STRING))),
            Map.entry(
                    "apns",
                    Map.of(
                            "headers", Type.STRINGS,
                            "payload", Type.ANY,
                            "fcm_options", Map.of("image", Type.STRING, "analytics_label", Type.STRING),
                            "live_activity_token", Type.STRING)),
            Map.entry("fcm_options", LABEL),
            Map.entry("token", Type.STRING),
            Map.entry("topic", Type.STRING),
            Map.entry("condition", Type.STRING));

    private static final Map<String, Object> REQUEST = Map.of("validate_only", Type.BOOLEAN, "message", MESSAGE);

    private FakeFcmRules() {}

    /** What FCM would answer to this body instead of taking it. */
    static Optional<FakeFcmAnswer.Reply> refusal(JsonNode request) {
        return shape("", request, REQUEST).or(() -> values(request.path("message")));
    }

    /** What counts against the limit: everything but the address. */
    static int bytes(JsonNode message) {
        ObjectNode payload = message.deepCopy();
        payload.remove("token");
        // The SDK escapes nothing for HTML.
        return Json.text(payload)
                .replace("\\u003c", "<")
                .replace("\\u003e", ">")
                .replace("\\u0026", "&")
                .getBytes(StandardCharsets.UTF_8)
                .length;
    }

    private static Optional<FakeFcmAnswer.Reply> shape(String path, JsonNode node, Object expected) {
        if (!(expected instanceof Map<?, ?> fields)) {
            return fits(node, (Type) expected) ? Optional.empty() : wrongType(path, (Type) expected, node);
        }
        if (!node.isObject()) {
            return wrongType(path, Type.ANY, node);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Object type = fields.get(field.getKey());
            if (type == null) {
                return refused(
                        path,
                        "Invalid JSON payload received. Unknown name \"" + field.getKey() + "\" at '" + path
                                + "': Cannot find field.");
            }
            Optional<FakeFcmAnswer.Reply> inner =
                    shape(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), type);
            if (inner.isPresent()) {
                return inner;
            }
        }
        return Optional.empty();
    }

    private static boolean fits(JsonNode node, Type type) {
        return switch (type) {
            case STRING -> node.isTextual();
            case BOOLEAN -> node.isBoolean();
            case INTEGER -> node.isInt();
            case STRINGS -> node.isObject() && node.valueStream().allMatch(JsonNode::isTextual);
            case LIST -> node.isArray();
            case ANY -> true;
        };
    }

    private static Optional<FakeFcmAnswer.Reply> values(JsonNode message) {
        if (!message.isObject() || message.path("token").asText().isEmpty()) {
            return refused("message", "Exactly one of token, topic or condition must be specified");
        }
        if (bytes(message) > MAX_BYTES) {
            return Optional.of(FakeFcmAnswer.tooBig());
        }
        return data(message.path("data"))
                .or(() -> android(message.path("android")))
                .or(() -> apns(message.path("apns")))
                .or(() -> webpush(message.path("webpush")));
    }

    private static Optional<FakeFcmAnswer.Reply> data(JsonNode data) {
        return data.propertyStream()
                .map(Map.Entry::getKey)
                .filter(key -> List.of("from", "message_type").contains(key)
                        || key.startsWith("google")
                        || key.startsWith("gcm"))
                .findFirst()
                .flatMap(key -> refused("message.data", "Invalid data payload key: " + key));
    }

    private static Optional<FakeFcmAnswer.Reply> android(JsonNode android) {
        String priority = android.path("priority").asText("normal").toLowerCase(Locale.ROOT);
        if (!Set.of("normal", "high").contains(priority)) {
            return refused("message.android.priority", "Invalid value at 'message.android.priority'");
        }
        Matcher ttl = TTL.matcher(android.path("ttl").asText("0s"));
        if (!ttl.matches() || Long.parseLong(ttl.group(1)) > MAX_TTL_SECONDS) {
            return refused("message.android.ttl", "Invalid value at 'message.android.ttl'");
        }
        return Optional.empty();
    }

    private static Optional<FakeFcmAnswer.Reply> apns(JsonNode apns) {
        JsonNode headers = apns.path("headers");
        if (headers.path("apns-collapse-id").asText().getBytes(StandardCharsets.UTF_8).length > 64) {
            return refused("message.apns.headers", "apns-collapse-id must be at most 64 bytes");
        }
        boolean background = headers.path("apns-push-type").asText().equals("background");
        if (background && !headers.path("apns-priority").asText().equals("5")) {
            return refused("message.apns.headers", "a background push has priority 5");
        }
        if (background
                && apns.path("payload").path("aps").path("content-available").asInt() != 1) {
            return refused("message.apns.payload", "a background push is content-available");
        }
        return Optional.empty();
    }

    private static Optional<FakeFcmAnswer.Reply> webpush(JsonNode webpush) {
        JsonNode headers = webpush.path("headers");
        if (headers.has("Topic")
                && !TOPIC.matcher(headers.path("Topic").asText()).matches()) {
            return refused("message.webpush.headers", "Invalid Topic header");
        }
        if (!URGENCIES.contains(headers.path("Urgency").asText("normal"))) {
            return refused("message.webpush.headers", "Invalid Urgency header");
        }
        JsonNode link = webpush.path("fcm_options").path("link");
        if (link.isTextual() && !link.asText().startsWith("https://")) {
            return refused("message.webpush.fcm_options.link", "Invalid link: HTTPS is required");
        }
        return Optional.empty();
    }

    private static Optional<FakeFcmAnswer.Reply> wrongType(String path, Type type, JsonNode node) {
        return refused(path, "Invalid value at '" + path + "' (TYPE_" + type + "), " + node);
    }

    private static Optional<FakeFcmAnswer.Reply> refused(String field, String description) {
        return Optional.of(FakeFcmAnswer.invalid(field, description));
    }
}
