package com.cove.model.thread;

import com.cove.model.user.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A member of a thread.
 *
 * @param lastReadSeq all messages up to this seq are read; never goes back
 * @param lastReadAt when it last moved; null where nothing was read yet
 */
public record Participant(
        UserId id,
        @Nullable String name,
        @Nullable String imageUrl,
        MemberRole role,
        long lastReadSeq,
        @Nullable Instant lastReadAt) {}
