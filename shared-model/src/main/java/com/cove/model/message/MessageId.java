package com.cove.model.message;

import com.cove.model.text.Texts;
import com.cove.model.text.Uuids;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;

/** The opaque id of a message: UUIDv7 text. Any other text is no error, it is the id of nothing. */
public record MessageId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public MessageId {
        Texts.opaque("messageId", value, 128);
    }

    public static MessageId of(UUID uuid) {
        return new MessageId(uuid.toString());
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
