package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tokens without Google, for tests: it knows those it has issued and refuses all else, as the real verifier does. It
 * passes the same contract test. Thread-safe.
 */
public final class FakeTokens implements TokenAuthority {
    private final Map<String, VerifiedToken> issued = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Map<UserId, Instant> countingSince = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean keysOutOfReach;
    private volatile boolean revocationsOutOfReach;

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
        return issue(userId, name, imageUrl, clock.instant(), expiresAt);
    }

    /** A token that was issued then. */
    public String issue(
            UserId userId, @Nullable String name, @Nullable String imageUrl, Instant issuedAt, Instant expiresAt) {
        String token = "fake-token-" + UUID.randomUUID();
        issued.put(token, new VerifiedToken(userId, name, imageUrl, issuedAt, expiresAt));
        return token;
    }

    /** From now on no token counts that was issued to this user before; later ones do. */
    public void revoke(String userId) {
        countingSince.put(new UserId(userId), clock.instant());
    }

    /** The user is disabled, or deleted: none of its tokens counts. */
    public void disable(String userId) {
        countingSince.put(new UserId(userId), Instant.MAX);
    }

    /** From now on nobody knows who was revoked, as when Google cannot be asked; or it can again. */
    public void revocationsOutOfReach(boolean outOfReach) {
        this.revocationsOutOfReach = outOfReach;
    }

    /** How often it was asked who was revoked, out of reach or not. */
    public int questions() {
        return questions.get();
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

    @Override
    public Set<VerifiedToken> revoked(Set<VerifiedToken> tokens) {
        questions.incrementAndGet();
        if (revocationsOutOfReach) {
            throw new AppException(ErrorCode.UNAVAILABLE, "Google does not answer");
        }
        if (tokens.stream().map(VerifiedToken::userId).distinct().count() > USERS_AT_ONCE) {
            throw new IllegalArgumentException("too many users at once");
        }
        return tokens.stream()
                .filter(token -> token.issuedAt().isBefore(countingSince.getOrDefault(token.userId(), Instant.MIN)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
