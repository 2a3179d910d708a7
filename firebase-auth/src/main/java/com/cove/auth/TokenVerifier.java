package com.cove.auth;

import java.util.Set;

/** Tells who a token speaks for. Implementations may block and are thread-safe. */
public interface TokenVerifier {
    /** As many users as Google answers for at once. */
    int USERS_AT_ONCE = 100;

    /**
     * Verifies signature, audience, issuer and times of a token. Says nothing about revocation: that costs a question to
     * Google.
     *
     * @param token as the client sent it, any text
     * @throws com.cove.model.error.AppException {@code unauthenticated} for a token that is not valid now,
     *     {@code unavailable} where validity cannot be determined (signing keys out of reach)
     */
    VerifiedToken verify(String token);

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
