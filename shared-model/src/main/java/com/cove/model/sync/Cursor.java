package com.cove.model.sync;

import com.cove.model.text.Texts;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A position in the history of commits; opaque to clients. */
public record Cursor(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Cursor {
        Texts.opaque("cursor", value, 512);
    }

    @Override
    public String toString() {
        return value;
    }
}
