package com.cove.auth.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.push.Push;
import com.cove.model.push.Wording;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.firebase.internal.ApiClientUtils;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON is the SDK's own, as it goes to FCM. */
class FcmMessagesTest {
    private static final ThreadId THREAD = new ThreadId("0199d3a1-7c1e-7d5a-9b2f-0123456789ab");
    private static final MessageId MESSAGE = new MessageId("0199d3a1-7c1e-7d5a-9b2f-ba9876543210");
    private static final Instant NOW = Instant.parse("2026-11-25T09:30:00Z");
    private static final FcmConfig PLAIN = new FcmConfig(false, "chat", Optional.empty(), Duration.ofHours(2));
    private static final FcmConfig LINKED =
            new FcmConfig(false, "chat", Optional.of("https://chat.example/t/{threadId}"), Duration.ofHours(2));

    @Test
    void aNotificationSaysWhoWroteAndWhat() {
        JsonNode message = message(LINKED, notification("Ann", "hello", 7));

        assertThat(message).isEqualTo(Json.parse("""
                        {
                          "token": "token-1",
                          "notification": {"title": "Ann", "body": "hello"},
                          "data": {
                            "type": "message",
                            "threadId": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                            "messageId": "0199d3a1-7c1e-7d5a-9b2f-ba9876543210",
                            "seq": "42",
                            "unread": "7",
                            "link": "https://chat.example/t/0199d3a1-7c1e-7d5a-9b2f-0123456789ab"
                          },
                          "android": {
                            "priority": "high",
                            "collapse_key": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                            "ttl": "7200s",
                            "notification": {
                              "tag": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                              "channel_id": "chat",
                              "notification_count": 7
                            }
                          },
                          "apns": {
                            "headers": {
                              "apns-push-type": "alert",
                              "apns-priority": "10",
                              "apns-collapse-id": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                              "apns-expiration": "1795606200"
                            },
                            "payload": {
                              "aps": {
                                "badge": 7,
                                "sound": "default",
                                "thread-id": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab"
                              }
                            }
                          },
                          "webpush": {
                            "headers": {"Urgency": "high", "TTL": "7200", "Topic": "0199d3a17c1e7d5a9b2f0123456789ab"},
                            "notification": {"tag": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab", "renotify": true},
                            "fcm_options": {"link": "https://chat.example/t/0199d3a1-7c1e-7d5a-9b2f-0123456789ab"}
                          }
                        }"""));
        assertTaken(message);
    }

    @Test
    void aWithdrawalShowsNothingAndIsInNoHurry() {
        JsonNode message = message(LINKED, new Push.Withdrawal(THREAD, 42, 3));

        assertThat(message).isEqualTo(Json.parse("""
                        {
                          "token": "token-1",
                          "data": {
                            "type": "withdraw",
                            "threadId": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                            "seq": "42",
                            "unread": "3"
                          },
                          "android": {
                            "priority": "normal",
                            "collapse_key": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                            "ttl": "7200s"
                          },
                          "apns": {
                            "headers": {
                              "apns-push-type": "background",
                              "apns-priority": "5",
                              "apns-collapse-id": "0199d3a1-7c1e-7d5a-9b2f-0123456789ab",
                              "apns-expiration": "1795606200"
                            },
                            "payload": {"aps": {"content-available": 1, "badge": 3}}
                          },
                          "webpush": {
                            "headers": {"Urgency": "normal", "TTL": "7200", "Topic": "0199d3a17c1e7d5a9b2f0123456789ab"}
                          }
                        }"""));
        assertTaken(message);
    }

    @Test
    void aLinkOfAnAppIsNoLinkOfABrowser() {
        FcmConfig config = new FcmConfig(false, "chat", Optional.of("myapp://t/{threadId}"), Duration.ofHours(2));
        JsonNode message = message(config, notification("Ann", "hello", 7));

        assertThat(message.path("data").path("link").asText()).isEqualTo("myapp://t/" + THREAD.value());
        assertThat(message.path("webpush").has("fcm_options")).isFalse();
        assertThat(message(PLAIN, notification("Ann", "hello", 7)).path("data").has("link"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "😀",
                "👨‍👩‍👧‍👦",
                "\"",
                "\\",
                "\n",
                "\u0000",
                "漢",
                "é",
                "e\u0301\u0302\u0303\u0304\u0305",
                "<",
                "\u2028",
                "🏴󠁧󠁢󠁳󠁣󠁴󠁿"
            })
    void anyTextFitsIntoWhatFcmTakes(String part) {
        String text = part.repeat(4_000);
        Wording wording = Wording.of(text, text, text, false);
        FcmConfig widest = new FcmConfig(
                false, "c".repeat(100), Optional.of("https://" + "l".repeat(182) + "{threadId}"), Duration.ofDays(24));

        JsonNode message = message(
                widest,
                new Push.Notification(
                        THREAD, MESSAGE, Long.MAX_VALUE, wording.title(), wording.body(), Long.MAX_VALUE));

        assertThat(FakeFcmRules.bytes(message)).isLessThan(FakeFcmRules.MAX_BYTES);
        assertTaken(message);
    }

    @Test
    void oneGiantCharacterFitsToo() {
        String giant = "e" + "\u0301".repeat(3_999);

        assertTaken(message(PLAIN, notification(giant, giant, 1)));
    }

    @Test
    void numbersThatNoDeviceCanShowAreBent() {
        assertThat(message(PLAIN, notification("Ann", "hello", Long.MAX_VALUE))
                        .at("/android/notification/notification_count")
                        .asLong())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(message(PLAIN, notification("Ann", "hello", -1))
                        .at("/apns/payload/aps/badge")
                        .asInt())
                .isZero();
    }

    @Test
    void aThreadsIdOfAnyLengthCollapses() {
        ThreadId long_ = new ThreadId("ü".repeat(128));
        JsonNode message = message(PLAIN, new Push.Withdrawal(long_, 1, 1));

        assertThat(message.at("/apns/headers/apns-collapse-id").asText()).hasSize(36);
        assertThat(message.at("/webpush/headers").has("Topic")).isFalse();
        assertTaken(message);
    }

    private static void assertTaken(JsonNode message) {
        assertThat(FakeFcmRules.refusal(Json.parse("{\"message\":" + message + "}")))
                .isEmpty();
    }

    private static Push.Notification notification(String title, String body, long unread) {
        return new Push.Notification(THREAD, MESSAGE, 42, title, body, unread);
    }

    private static JsonNode message(FcmConfig config, Push push) {
        FcmMessages messages = new FcmMessages(config, Clock.fixed(NOW, ZoneOffset.UTC));
        try {
            String json =
                    ApiClientUtils.getDefaultJsonFactory().toString(Map.of("message", messages.of("token-1", push)));
            return Json.parse(json).path("message");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
