package com.cove.db.message;

import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a thread, of threads that were written to before. A thread keeps the members it was stored with, so that what is known stays
 * right; what is forgotten is read again. Thread-safe.
 */
public interface KnownMembers {
    /** Knows nobody, and learns nothing. */
    KnownMembers NONE = new KnownMembers() {
        @Override
        public @Nullable List<UserId> of(ThreadId thread) {
            return null;
        }

        @Override
        public void learn(ThreadId thread, List<UserId> members) {
            // forgotten at once
        }
    };

    /** Answers everybody in the thread; null where that is not known. */
    @Nullable List<UserId> of(ThreadId thread);

    /**
     * Keeps them for a while.
     *
     * @param members everybody in the thread, as the database has it
     */
    void learn(ThreadId thread, List<UserId> members);
}
