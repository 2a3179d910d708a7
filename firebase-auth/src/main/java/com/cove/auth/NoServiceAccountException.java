package com.cove.auth;

import java.io.IOException;

/** There are no credentials to ask Google with. The message says what is missing and shows nothing of a secret. */
public final class NoServiceAccountException extends IOException {
    public NoServiceAccountException(String message) {
        super(message);
    }
}
