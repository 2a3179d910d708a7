package com.cove.db.push;

import com.cove.model.user.UserId;
import java.time.Instant;

/**
 * Where pushes go.
 *
 * @param registeredAt when the token was last registered: what tells one that fails from the same one registered anew
 */
public record PushDevice(UserId user, String device, String token, Instant registeredAt) {
    /** Never the token: this may be logged. */
    @Override
    public String toString() {
        return "PushDevice[user=" + user.value() + ", device=" + device + "]";
    }
}
