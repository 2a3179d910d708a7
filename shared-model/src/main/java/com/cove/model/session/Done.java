package com.cove.model.session;

/** An acknowledgement that has nothing to add to {@code ok: true}. */
public record Done() {}
