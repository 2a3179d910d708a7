package com.cove.model.key;

import java.time.Instant;
import java.util.Map;

/**
 * The public keys of whoever signs ID tokens.
 *
 * @param keys by the id that a token names: a SubjectPublicKeyInfo (RFC 5280), DER in base64
 * @param freshUntil when they are to be asked for again
 */
public record SigningKeys(Map<String, String> keys, Instant freshUntil) {
    public SigningKeys {
        keys = Map.copyOf(keys);
    }
}
