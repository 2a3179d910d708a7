package com.cove.db;

/** The schema was not brought up to date; the message says in one sentence why, and what to do. */
public final class MigrationException extends RuntimeException {
    MigrationException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    MigrationException(String sentence) {
        super(sentence);
    }
}
