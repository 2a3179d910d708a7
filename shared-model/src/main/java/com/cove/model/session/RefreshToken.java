package com.cove.model.session;

import com.cove.model.text.Texts;

/** {@code refresh_token}: a fresh ID token of the same user, which extends the connection. */
public record RefreshToken(String token) {
    public RefreshToken {
        Texts.opaque("token", token, 8_192);
    }

    /** A token is a secret. */
    @Override
    public String toString() {
        return "RefreshToken[…]";
    }
}
