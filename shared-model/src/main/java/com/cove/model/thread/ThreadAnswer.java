package com.cove.model.thread;

/** The answer of {@code POST /create-thread} and {@code POST /mute-thread}. */
public record ThreadAnswer(ChatThread thread) {}
