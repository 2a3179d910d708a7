package com.cove.auth;

import com.cove.model.user.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

class FakeTokensTest extends TokenAuthorityContract {
    private final FakeTokens tokens = new FakeTokens(Clock.fixed(now, ZoneOffset.UTC));

    @Override
    TokenAuthority authority() {
        return tokens;
    }

    @Override
    TokenAuthority authorityWithoutKeys() {
        tokens.keysOutOfReach(true);
        return tokens;
    }

    @Override
    TokenAuthority authorityThatCannotAsk() {
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
