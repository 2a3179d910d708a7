package com.cove.model.presence;

/** The answer to {@link UpdatePresence}: what holds now. */
public record PresenceUpdated(boolean visible) {}
