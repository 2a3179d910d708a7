package com.cove.model.thread;

import com.cove.model.text.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code POST /mute-thread}: no pushes until then; null unmutes. */
public record MuteThread(ThreadId threadId, @Nullable Instant until) {
    public MuteThread {
        Texts.required("threadId", threadId);
    }
}
