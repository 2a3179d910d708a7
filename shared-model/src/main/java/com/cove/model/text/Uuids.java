package com.cove.model.text;

import java.util.Optional;
import java.util.UUID;

/** The text form of our ids. */
public final class Uuids {
    private static final int LENGTH = 36;

    private Uuids() {}

    /** The UUID that prints as exactly this text: an id has one spelling only. */
    public static Optional<UUID> canonical(String text) {
        return isCanonical(text) ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    private static boolean isCanonical(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean fits = switch (i) {
                case 8, 13, 18, 23 -> c == '-';
                default -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
