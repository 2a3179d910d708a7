package com.cove.auth;

import com.cove.model.user.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

class FakeTokensTest extends TokenVerifierContract {
    private final FakeTokens tokens = new FakeTokens(Clock.fixed(now, ZoneOffset.UTC));

    @Override
    TokenVerifier verifier() {
        return tokens;
    }

    @Override
    TokenVerifier verifierWithoutKeys() {
        tokens.keysOutOfReach(true);
        return tokens;
    }

    @Override
    TokenVerifier verifierThatCannotAskForRevocations() {
        tokens.revocationsOutOfReach(true);
        return tokens;
    }

    @Override
    void revoke(String uid) {
        tokens.revoke(uid);
    }

    @Override
    void disable(String uid) {
        tokens.disable(uid);
    }

    @Override
    String token(String uid, @Nullable String name, @Nullable String picture, Instant expiresAt) {
        return tokens.issue(new UserId(uid), name, picture, now.minusSeconds(10), expiresAt);
    }
}
