package com.cove.db.message;

import com.cove.db.history.Horizon;
import com.cove.model.thread.ThreadId;
import java.util.List;

/**
 * What was stored since an earlier look.
 *
 * @param horizon to ask with next time; what is at or above it comes again then
 * @param sameHistory false where the database was restored since: then nothing is known of what went before
 */
public record News(Horizon horizon, boolean sameHistory, List<ThreadNews> threads) {

    /** A thread with new messages, which have the seqs from {@code firstSeq} to {@code lastSeq}, possibly with older ones between. */
    public record ThreadNews(ThreadId thread, long firstSeq, long lastSeq) {}
}
