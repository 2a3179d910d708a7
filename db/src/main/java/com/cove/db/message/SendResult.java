package com.cove.db.message;

/** What became of one of several sends: each succeeds or fails by itself. */
public sealed interface SendResult {
    /** It is committed. */
    record Committed(SendOutcome outcome) implements SendResult {}

    /** Nothing of it is stored, or nobody can know ({@code unavailable}). */
    record Refused(RuntimeException why) implements SendResult {}

    /** The outcome; throws what it was refused for. */
    default SendOutcome outcomeOrThrow() {
        return switch (this) {
            case Committed committed -> committed.outcome();
            case Refused refused -> throw refused.why();
        };
    }
}
