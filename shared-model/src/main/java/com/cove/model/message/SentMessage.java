package com.cove.model.message;

/** The acknowledgement of {@code send_message} and the answer of {@code POST /send-message}. */
public record SentMessage(Message message) {}
