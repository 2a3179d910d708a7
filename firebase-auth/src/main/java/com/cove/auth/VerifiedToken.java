package com.cove.auth;

import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says. A signature vouches for the user's id, not for the taste of what people write into their
 * own profiles: a name is cut to what the database and every client can show, and a picture that is no web address is
 * none.
 *
 * @param userId the {@code sub} claim
 * @param name the {@code name} claim without control characters, 200 code points at most; null where absent
 * @param imageUrl the {@code picture} claim if it is an http or https address, 2,048 characters at most; null otherwise
 * @param issuedAt the {@code iat} claim: a revocation after it ends the token early
 * @param expiresAt the {@code exp} claim: what rests on this token ends then
 */
public record VerifiedToken(
        UserId userId, @Nullable String name, @Nullable String imageUrl, Instant issuedAt, Instant expiresAt) {
    private static final int NAME_CODE_POINTS = 200;
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[!-~&&[^\"'<>\\\\]]{1,2040}");

    public VerifiedToken {
        name = name == null ? null : presentable(name);
        imageUrl = imageUrl != null && WEB_ADDRESS.matcher(imageUrl).matches() ? imageUrl : null;
    }

    public UserProfile profile() {
        return new UserProfile(userId, name, imageUrl);
    }

    private static @Nullable String presentable(String name) {
        String clean = name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(NAME_CODE_POINTS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return clean.isEmpty() ? null : clean;
    }
}
