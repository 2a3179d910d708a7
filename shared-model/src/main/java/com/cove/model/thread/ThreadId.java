package com.cove.model.thread;

import com.cove.model.text.Texts;
import com.cove.model.text.Uuids;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;

/** The opaque id of a thread: UUIDv7 text. Any other text is no error, it is the id of nothing. */
public record ThreadId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ThreadId {
        Texts.opaque("threadId", value, 128);
    }

    public static ThreadId of(UUID uuid) {
        return new ThreadId(uuid.toString());
    }

    /** As stored; empty for a text that cannot be the id of anything. */
    public Optional<UUID> uuid() {
        return Uuids.canonical(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
