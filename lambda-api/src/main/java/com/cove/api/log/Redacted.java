package com.cove.api.log;

import org.jspecify.annotations.Nullable;

/**
 * A failure for the log: types and stack traces of the whole chain, without the messages. Drivers quote rows
 * in theirs, parsers their input; and what people write to each other has no place in a log.
 */
public final class Redacted extends Throwable {
    /** More causes than this are a cycle, or no help. */
    private static final int MAX_CAUSES = 8;

    private final String type;

    private Redacted(Throwable original, @Nullable Throwable cause) {
        super(original.getClass().getName(), cause, false, true);
        this.type = original.getClass().getName();
        setStackTrace(original.getStackTrace());
    }

    public static Redacted of(Throwable failure) {
        return failure instanceof Redacted redacted ? redacted : of(failure, MAX_CAUSES);
    }

    /** The class of the failure that this stands for. */
    String type() {
        return type;
    }

    private static Redacted of(Throwable failure, int causes) {
        Throwable cause = failure.getCause();
        return new Redacted(failure, cause == null || causes == 0 ? null : of(cause, causes - 1));
    }
}
