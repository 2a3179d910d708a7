package com.cove.model.error;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that reaches a client: its code, a message that is safe to show (never user content, never a cause's text),
 * and where it applies the fields at fault or the time to wait. It carries no stack trace: it is an answer, not a fault.
 */
public final class AppException extends RuntimeException {
    private final ErrorCode code;
    private final List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    private AppException(
            ErrorCode code,
            String message,
            List<FieldError> errors,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    public AppException(ErrorCode code, String message) {
        this(code, message, List.of(), null, null);
    }

    /** A failure whose cause belongs in the log; the client sees only code and message. */
    public AppException(ErrorCode code, String message, Throwable cause) {
        this(code, message, List.of(), null, cause);
    }

    /** {@code invalid_request} for one field. */
    public static AppException invalid(String field, String problem) {
        return invalid(List.of(new FieldError(field, problem)));
    }

    /** {@code invalid_request} that names every field at fault; the message speaks of the first. */
    public static AppException invalid(List<FieldError> errors) {
        FieldError first = errors.getFirst();
        return new AppException(ErrorCode.INVALID_REQUEST, first.field() + " " + first.message(), errors, null, null);
    }

    /** The one answer for what does not exist and for what the caller may not see. */
    public static AppException notFound(String what) {
        return new AppException(ErrorCode.NOT_FOUND, what + " was not found");
    }

    public static AppException rateLimited(String message, Duration retryAfter) {
        return new AppException(ErrorCode.RATE_LIMITED, message, List.of(), retryAfter, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** The message for the client; {@link #getMessage()} is never null here. */
    public String safeMessage() {
        return String.valueOf(getMessage());
    }

    public List<FieldError> errors() {
        return errors;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
