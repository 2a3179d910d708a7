package com.cove.auth;

import java.util.Set;

/** Also tells which tokens it took back. */
public interface TokenAuthority extends TokenVerifier {
    /** As many users as Google answers for at once. */
    int USERS_AT_ONCE = 100;

    /**
     * Asks which of these tokens no longer count although they have not expired: their user was disabled or deleted, or
     * they were issued before the user's tokens were revoked.
     *
     * @param tokens of {@value #USERS_AT_ONCE} users at most
     * @throws com.cove.model.error.AppException {@code unavailable} where there is no answer; its message says why and is for
     *     the log
     */
    Set<VerifiedToken> revoked(Set<VerifiedToken> tokens);
}
