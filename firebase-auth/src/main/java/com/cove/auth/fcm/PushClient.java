package com.cove.auth.fcm;

import com.cove.model.push.Push;

/** Takes pushes to devices. Thread-safe; for threads that may block. */
public interface PushClient {
    /** One attempt, answered within a bounded time. Never throws: whatever happens is a result. */
    PushResult send(String token, Push push);
}
