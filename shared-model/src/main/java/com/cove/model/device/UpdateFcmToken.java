package com.cove.model.device;

import com.cove.model.text.Texts;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /update-fcm-token}. Here absent and null are the same wish: the device is forgotten.
 *
 * @param fcmToken where pushes go, 1 to 4,096 characters; null forgets the device
 * @param deviceId 1 to 128 characters; without one, the user's default device
 */
public record UpdateFcmToken(
        @Nullable String fcmToken, @Nullable String deviceId) {
    public static final String DEFAULT_DEVICE = "default";

    public UpdateFcmToken {
        if (fcmToken != null) {
            Texts.opaque("fcmToken", fcmToken, 4_096);
        }
        deviceId = deviceId == null ? DEFAULT_DEVICE : Texts.opaque("deviceId", deviceId, 128);
    }

    /** Names the device, never the token: this may be logged. */
    @Override
    public String toString() {
        return "UpdateFcmToken[deviceId=" + deviceId + "]";
    }
}
