package com.cove.model.device;

/** The answer of {@code POST /update-fcm-token}. */
public record Updated(boolean updated) {}
