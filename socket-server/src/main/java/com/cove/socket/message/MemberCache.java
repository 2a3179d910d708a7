package com.cove.socket.message;

import com.cove.db.message.KnownMembers;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of threads that were written to lately here. For a minute: no part of the system changes who is in a thread, but an operator may. */
public final class MemberCache implements KnownMembers {
    private static final Duration KEEP = Duration.ofMinutes(1);
    /** In all threads together; some 100 bytes each. */
    private static final long MAX_MEMBERS = 500_000;

    private final Cache<ThreadId, List<UserId>> members = Caffeine.newBuilder()
            .expireAfterWrite(KEEP)
            .maximumWeight(MAX_MEMBERS)
            .weigher((ThreadId _, List<UserId> these) -> these.size())
            .build();

    @Override
    public @Nullable List<UserId> of(ThreadId thread) {
        return members.getIfPresent(thread);
    }

    @Override
    public void learn(ThreadId thread, List<UserId> these) {
        members.put(thread, these);
    }
}
