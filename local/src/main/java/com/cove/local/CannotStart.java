package com.cove.local;

/** Why a program cannot start, as one sentence for the person who started it; what to do about it included. */
final class CannotStart extends Exception {
    CannotStart(String sentence) {
        super(sentence);
    }

    CannotStart(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
