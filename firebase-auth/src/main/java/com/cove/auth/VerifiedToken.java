package com.cove.auth;

import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says.
 *
 * @param userId the {@code sub} claim
 * @param name the {@code name} claim, null where absent
 * @param imageUrl the {@code picture} claim, null where absent
 * @param expiresAt the {@code exp} claim: what rests on this token ends then
 */
public record VerifiedToken(
        UserId userId, @Nullable String name, @Nullable String imageUrl, Instant expiresAt) {
    public UserProfile profile() {
        return new UserProfile(userId, name, imageUrl);
    }
}
