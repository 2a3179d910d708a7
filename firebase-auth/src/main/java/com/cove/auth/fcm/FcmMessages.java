package com.cove.auth.fcm;

import com.cove.model.push.Push;
import com.cove.model.thread.ThreadId;
import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.ApnsConfig;
import com.google.firebase.messaging.Aps;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;
import com.google.firebase.messaging.WebpushConfig;
import com.google.firebase.messaging.WebpushFcmOptions;
import com.google.firebase.messaging.WebpushNotification;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;

/**
 * A push in FCM's terms. A thread has one notification wherever it is: while the device is away ({@code collapse_key},
 * {@code apns-collapse-id}, {@code Topic}) and on its screen ({@code tag}, and again {@code apns-collapse-id}, by which
 * an iOS app takes it away).
 */
final class FcmMessages {
    /** Of {@code apns-collapse-id}, in bytes. */
    private static final int APNS_ID_MAX = 64;

    private final FcmConfig config;
    private final Clock clock;

    FcmMessages(FcmConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** @throws IllegalArgumentException where the token is empty */
    Message of(String token, Push push) {
        return switch (push) {
            case Push.Notification shown -> shown(to(token, shown, "message"), shown);
            case Push.Withdrawal gone -> withdrawn(to(token, gone, "withdraw"), gone);
        };
    }

    /** With the data that the app itself reads. The seq tells it to leave alone what is newer than a late withdrawal. */
    @SuppressWarnings("deprecation") // The SDK would rather have installation ids; what apps register here are tokens.
    private static Message.Builder to(String token, Push push, String type) {
        return Message.builder()
                .setToken(token)
                .putData("type", type)
                .putData("threadId", push.threadId().value())
                .putData("seq", Long.toString(push.seq()))
                .putData("unread", Long.toString(push.unread()));
    }

    private Message shown(Message.Builder message, Push.Notification push) {
        config.link(push.threadId()).ifPresent(link -> message.putData("link", link));
        return message.putData("messageId", push.messageId().value())
                .setNotification(Notification.builder()
                        .setTitle(push.title())
                        .setBody(push.body())
                        .build())
                .setAndroidConfig(android(push, AndroidConfig.Priority.HIGH)
                        .setNotification(AndroidNotification.builder()
                                .setTag(push.threadId().value())
                                .setChannelId(config.androidChannel())
                                .setNotificationCount(badge(push))
                                .build())
                        .build())
                .setApnsConfig(apns(push, "alert", "10")
                        .setAps(Aps.builder()
                                .setBadge(badge(push))
                                .setSound("default")
                                .setThreadId(push.threadId().value())
                                .build())
                        .build())
                .setWebpushConfig(webpush(push))
                .build();
    }

    /**
     * Data only. Not in a hurry: Android takes high priority away from apps whose urgent pushes show nothing, and who has
     * read elsewhere does not look at this device; APNs takes nothing else.
     */
    private Message withdrawn(Message.Builder message, Push.Withdrawal push) {
        return message.setAndroidConfig(
                        android(push, AndroidConfig.Priority.NORMAL).build())
                .setApnsConfig(apns(push, "background", "5")
                        .setAps(Aps.builder()
                                .setContentAvailable(true)
                                .setBadge(badge(push))
                                .build())
                        .build())
                .setWebpushConfig(webpushHeaders(push, "normal").build())
                .build();
    }

    private AndroidConfig.Builder android(Push push, AndroidConfig.Priority priority) {
        return AndroidConfig.builder()
                .setPriority(priority)
                .setCollapseKey(push.threadId().value())
                .setTtl(config.ttl().toMillis());
    }

    private ApnsConfig.Builder apns(Push push, String type, String priority) {
        return ApnsConfig.builder()
                .putHeader("apns-push-type", type)
                .putHeader("apns-priority", priority)
                .putHeader("apns-collapse-id", apnsId(push.threadId()))
                .putHeader(
                        "apns-expiration",
                        Long.toString(clock.instant().plus(config.ttl()).getEpochSecond()));
    }

    private WebpushConfig webpush(Push.Notification push) {
        WebpushConfig.Builder webpush = webpushHeaders(push, "high")
                .setNotification(WebpushNotification.builder()
                        .setTag(push.threadId().value())
                        // Or a later message of the same thread would take the place of an earlier one in silence.
                        .setRenotify(true)
                        .build());
        config.link(push.threadId())
                .filter(link -> link.startsWith("https://"))
                .ifPresent(link -> webpush.setFcmOptions(WebpushFcmOptions.withLink(link)));
        return webpush.build();
    }

    private WebpushConfig.Builder webpushHeaders(Push push, String urgency) {
        WebpushConfig.Builder webpush = WebpushConfig.builder()
                .putHeader("Urgency", urgency)
                .putHeader("TTL", Long.toString(config.ttl().toSeconds()));
        // RFC 8030 allows 32 characters: a UUID's digits, exactly.
        push.threadId()
                .uuid()
                .ifPresent(id -> webpush.putHeader("Topic", id.toString().replace("-", "")));
        return webpush;
    }

    private static String apnsId(ThreadId thread) {
        byte[] id = thread.value().getBytes(StandardCharsets.UTF_8);
        return id.length <= APNS_ID_MAX
                ? thread.value()
                : UUID.nameUUIDFromBytes(id).toString();
    }

    private static int badge(Push push) {
        return Math.clamp(push.unread(), 0, Integer.MAX_VALUE);
    }
}
