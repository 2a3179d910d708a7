package com.cove.api.http;

import org.jspecify.annotations.Nullable;

/**
 * A failure for the log: types and stack traces of the whole chain, without the messages. Drivers quote rows
 * in theirs, parsers their input; and what people write to each other has no place in a log.
 */
final class Redacted extends Throwable {
    /** More causes than this are a cycle, or no help. */
    private static final int MAX_CAUSES = 8;

    private Redacted(Throwable original, @Nullable Throwable cause) {
        super(original.getClass().getName(), cause, false, true);
        setStackTrace(original.getStackTrace());
    }

    static Redacted of(Throwable failure) {
        return of(failure, MAX_CAUSES);
    }

    private static Redacted of(Throwable failure, int causes) {
        Throwable cause = failure.getCause();
        return new Redacted(failure, cause == null || causes == 0 ? null : of(cause, causes - 1));
    }
}
