package com.cove.model.typing;

import com.cove.model.text.Texts;
import com.cove.model.thread.ThreadId;

/** {@code typing_start} and {@code typing_stop}. */
public record Typing(ThreadId threadId) {
    public Typing {
        Texts.required("threadId", threadId);
    }
}
