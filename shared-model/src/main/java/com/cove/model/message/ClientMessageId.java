package com.cove.model.message;

import com.cove.model.error.AppException;
import com.cove.model.text.Texts;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A client's own id of a message, which makes a send idempotent per sender and thread: 1 to 64 of A-Z a-z 0-9 _ -. */
public record ClientMessageId(@JsonValue String value) {
    private static final int MAX_LENGTH = 64;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ClientMessageId {
        if (!isOfOurForm(Texts.required("clientMessageId", value))) {
            throw AppException.invalid("clientMessageId", "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
    }

    /** No pattern: each message comes by here, and a matcher is four objects. */
    private static boolean isOfOurForm(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit && c != '_' && c != '-') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_LENGTH;
    }

    @Override
    public String toString() {
        return value;
    }
}
