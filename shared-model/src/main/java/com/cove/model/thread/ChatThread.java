package com.cove.model.thread;

import com.cove.model.message.Message;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread as one of its members sees it.
 *
 * @param unreadCount {@code lastSeq} minus the viewer's own {@code lastReadSeq}
 * @param mutedUntil no pushes to the viewer before this time; null where not muted
 * @param updatedAt the newest activity: the last message, or the creation
 */
public record ChatThread(
        ThreadId id,
        ThreadKind kind,
        @Nullable String title,
        List<Participant> participants,
        @Nullable Message lastMessage,
        long lastSeq,
        long unreadCount,
        @Nullable Instant mutedUntil,
        Instant createdAt,
        Instant updatedAt) {}
