package com.cove.db.row;

import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.thread.ChatThread;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Threads as their members see them, in one statement however many they are. */
public final class ThreadViews {
    private ThreadViews() {}

    /** The threads of these ids, in the same order; one that the viewer is no member of is left out. */
    public static List<ChatThread> read(Handle handle, UserId viewer, List<UUID> ids) {
        return ids.isEmpty() ? List.of() : new ThreadViewDao(handle).threads(viewer.value(), ids.toArray(UUID[]::new));
    }

    /** The viewer's threads after a place in the order of activity, which a time and an id make: newest first. */
    public static ThreadListing after(Handle handle, UserId viewer, Instant updatedAt, UUID id, int limit) {
        return new ThreadViewDao(handle).listing(viewer.value(), updatedAt, id, limit);
    }

    /** The creations of these threads, in no order: each thread as its members were told of it. */
    public static List<StoredEvent<ThreadCreated>> beginnings(Handle handle, List<UUID> ids) {
        return ids.isEmpty() ? List.of() : new ThreadViewDao(handle).beginnings(ids.toArray(UUID[]::new));
    }
}
