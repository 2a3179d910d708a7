package com.cove.model.presence;

import com.cove.model.text.Texts;

/** {@code POST /update-presence} and {@code update_presence}: whether others see that the caller is online, and when they last were. */
public record UpdatePresence(Boolean visible) {
    public UpdatePresence {
        Texts.required("visible", visible);
    }
}
