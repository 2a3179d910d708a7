package com.cove.model.read;

import com.cove.model.message.MessageId;
import com.cove.model.text.Texts;

/** {@code mark_read} and {@code POST /mark-message-read}: this message and all before it in its thread are read. */
public record MarkRead(MessageId messageId) {
    public MarkRead {
        Texts.required("messageId", messageId);
    }
}
