package com.cove.model.text;

import com.cove.model.error.AppException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that texts from outside obey; each throws {@code invalid_request} naming the field. */
public final class Texts {
    private Texts() {}

    /** The value, if it is there. Records bind missing and null fields alike to null. */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw AppException.invalid(field, "is required");
        }
        return value;
    }

    /** Text for people: not blank, no NUL, well-formed Unicode, at most {@code maxCodePoints} code points. */
    public static String prose(String field, @Nullable String value, int maxCodePoints) {
        String text = required(field, value);
        if (text.isBlank()) {
            throw AppException.invalid(field, "must not be empty or blank");
        }
        // A code point takes one or two chars: this bounds the work before anything is counted.
        if (text.length() > 2 * maxCodePoints || text.codePointCount(0, text.length()) > maxCodePoints) {
            throw AppException.invalid(field, "must be at most " + maxCodePoints + " Unicode code points");
        }
        return wellFormed(field, text);
    }

    /** An opaque token of ours or of a client: 1 to {@code maxLength} chars, no control characters, well-formed. */
    public static String opaque(String field, @Nullable String value, int maxLength) {
        String text = required(field, value);
        if (text.isEmpty()) {
            throw AppException.invalid(field, "must not be empty");
        }
        if (text.length() > maxLength) {
            throw AppException.invalid(field, "must be at most " + maxLength + " characters");
        }
        // No stream: a large thread's members are checked with each hint.
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw AppException.invalid(field, "must not contain control characters");
            }
        }
        return wellFormed(field, text);
    }

    /** A whole number within limits, or the default where none was given. */
    public static int within(String field, @Nullable Integer value, int min, int max, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < min || value > max) {
            throw AppException.invalid(field, "must be from " + min + " to " + max);
        }
        return value;
    }

    /** A copy of the list, which must be there and hold no null. */
    public static <T> List<T> elements(String field, @Nullable List<T> values) {
        List<T> list = required(field, values);
        for (Object value : list) {
            if (value == null) {
                throw AppException.invalid(field, "must not contain null");
            }
        }
        return List.copyOf(list);
    }

    /** PostgreSQL stores no NUL, and a lone surrogate has no UTF-8 form: neither may get in. */
    private static String wellFormed(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw AppException.invalid(field, "must not contain NUL");
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw AppException.invalid(field, "must be well-formed Unicode");
                }
                i++;
            }
        }
        return text;
    }
}
