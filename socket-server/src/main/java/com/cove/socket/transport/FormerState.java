package com.cove.socket.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a client that was connected before says of it. Whatever a stranger made up: it selects among what they may see anyway.
 *
 * @param pid the name of its state, from the reply to its CONNECT
 * @param offset the last argument of the last event that had a text there; null where none came
 */
public record FormerState(String pid, @Nullable String offset) {}
