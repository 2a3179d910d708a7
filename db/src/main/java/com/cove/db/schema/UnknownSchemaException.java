package com.cove.db.schema;

/** The schema is not one that this program can work with; the message says in one sentence why, and what to do. */
public final class UnknownSchemaException extends RuntimeException {
    UnknownSchemaException(String sentence) {
        super(sentence, null, false, false);
    }
}
