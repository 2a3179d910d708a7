package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens without Google, for tests: it knows those it has issued and refuses all else, as the real verifier does. It
 * passes the same contract test. Thread-safe.
 */
public final class FakeTokens implements TokenVerifier {
    private final Map<String, VerifiedToken> issued = new ConcurrentHashMap<>();
    private final Clock clock;
    private volatile boolean keysOutOfReach;

    public FakeTokens() {
        this(Clock.systemUTC());
    }

    public FakeTokens(Clock clock) {
        this.clock = clock;
    }

    /** A token for this user, valid for an hour, with the id as name and without a picture. */
    public String issue(String userId) {
        return issue(new UserId(userId), userId, null, clock.instant().plus(Duration.ofHours(1)));
    }

    /** A token; one whose time has passed is refused, as an expired one is. */
    public String issue(UserId userId, @Nullable String name, @Nullable String imageUrl, Instant expiresAt) {
        String token = "fake-token-" + UUID.randomUUID();
        issued.put(token, new VerifiedToken(userId, name, imageUrl, expiresAt));
        return token;
    }

    /** From now on nothing can be verified, as when Google's keys cannot be fetched; or it can again. */
    public void keysOutOfReach(boolean outOfReach) {
        this.keysOutOfReach = outOfReach;
    }

    @Override
    public VerifiedToken verify(String token) {
        if (keysOutOfReach) {
            throw new AppException(ErrorCode.UNAVAILABLE, "Tokens cannot be verified just now");
        }
        VerifiedToken verified = issued.get(token);
        if (verified == null || !clock.instant().isBefore(verified.expiresAt())) {
            throw new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
        }
        return verified;
    }
}
