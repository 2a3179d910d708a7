package com.cove.db;

/** There are no user and password to connect with. The message says why, and shows nothing of a secret; there is no cause, whose would. */
final class UnreadableSecret extends RuntimeException {
    UnreadableSecret(String sentence) {
        super(sentence, null, false, false);
    }
}
