package com.cove.model.key;

import java.time.Duration;
import java.util.Map;

/**
 * The public keys of whoever signs ID tokens.
 *
 * @param keys by the id that a token names: a SubjectPublicKeyInfo (RFC 5280), DER in base64
 * @param freshFor from now until they are to be asked for again; negative where they should have been
 */
public record SigningKeys(Map<String, String> keys, Duration freshFor) {
    public SigningKeys {
        keys = Map.copyOf(keys);
    }
}
