package com.cove.model.user;

import com.cove.model.text.Texts;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A Firebase {@code uid}: opaque, 1 to 128 characters. */
public record UserId(@JsonValue String value) implements Comparable<UserId> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UserId {
        Texts.opaque("userId", value, 128);
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
