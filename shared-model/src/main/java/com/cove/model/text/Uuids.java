package com.cove.model.text;

import java.util.Optional;
import java.util.UUID;

/** The text form of our ids. */
public final class Uuids {
    private static final int LENGTH = 36;

    private Uuids() {}

    /** The UUID that prints as exactly this text: an id has one spelling only. */
    public static Optional<UUID> canonical(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text))
                    .filter(uuid -> uuid.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
