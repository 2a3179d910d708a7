package com.cove.auth;

/** Tells who a token speaks for. Implementations may block and are thread-safe. */
public interface TokenVerifier {
    /**
     * Verifies signature, audience, issuer and times of a token. Says nothing about revocation: that costs a question to
     * Google, see {@link TokenAuthority}.
     *
     * @param token as the client sent it, any text
     * @throws com.cove.model.error.AppException {@code unauthenticated} for a token that is not valid now,
     *     {@code unavailable} where validity cannot be determined (signing keys out of reach)
     */
    VerifiedToken verify(String token);
}
