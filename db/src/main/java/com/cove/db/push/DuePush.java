package com.cove.db.push;

import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A push that this caller is to send now, and nobody else until the lease ends.
 *
 * @param withdraws takes a notification away, and shows none
 * @param senderName null where it is not known
 * @param title of the thread; null for one without
 * @param unread messages of the user in all threads
 * @param attempts that failed before this one
 * @param storedAt when the message was stored
 * @param devices those that lack it, at least one
 */
public record DuePush(
        UUID lease,
        UserId user,
        ThreadId thread,
        MessageId message,
        long seq,
        boolean withdraws,
        @Nullable String senderName,
        @Nullable String title,
        String text,
        long unread,
        int attempts,
        Instant storedAt,
        List<PushDevice> devices) {
    public DuePush {
        devices = List.copyOf(devices);
    }

    /** Never the text: this may be logged. */
    @Override
    public String toString() {
        return "DuePush[user=" + user.value() + ", thread=" + thread.value() + ", seq=" + seq + "]";
    }
}
