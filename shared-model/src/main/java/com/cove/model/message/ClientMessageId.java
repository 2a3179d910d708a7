package com.cove.model.message;

import com.cove.model.error.AppException;
import com.cove.model.text.Texts;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A client's own id of a message, which makes a send idempotent per sender and thread: 1 to 64 of A-Z a-z 0-9 _ -. */
public record ClientMessageId(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ClientMessageId {
        if (!FORM.matcher(Texts.required("clientMessageId", value)).matches()) {
            throw AppException.invalid("clientMessageId", "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
