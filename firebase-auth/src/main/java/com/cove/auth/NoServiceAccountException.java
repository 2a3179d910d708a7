package com.cove.auth;

import java.io.IOException;

/** There are no credentials to ask Google with. The message says what is missing and shows nothing of a secret. */
final class NoServiceAccountException extends IOException {
    NoServiceAccountException(String message) {
        super(message);
    }
}
