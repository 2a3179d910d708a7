package com.cove.model.message;

import com.cove.model.text.Texts;
import com.cove.model.thread.ThreadId;
import org.jspecify.annotations.Nullable;

/**
 * {@code send_message} and {@code POST /send-message}.
 *
 * @param content plain text, 1 to 4,000 code points, stored and returned verbatim
 * @param clientMessageId makes the send idempotent; without it every call stores a message
 */
public record SendMessage(
        ThreadId threadId, String content, @Nullable ClientMessageId clientMessageId) {
    public static final int MAX_CODE_POINTS = 4_000;

    public SendMessage {
        Texts.required("threadId", threadId);
        Texts.prose("content", content, MAX_CODE_POINTS);
    }
}
