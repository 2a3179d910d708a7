package com.cove.db.message;

import com.cove.db.history.Horizon;
import com.cove.model.thread.ThreadId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was stored since an earlier look, or a page of it.
 *
 * @param horizon to ask with next time, once all pages are read; what is at or above it comes again then
 * @param sameHistory false where the database was restored since: then nothing is known of what went before
 * @param next where the next page goes on; null on the last one
 */
public record News(
        Horizon horizon,
        boolean sameHistory,
        List<ThreadNews> threads,
        @Nullable Place next) {

    /**
     * A thread with new messages, which have the seqs from {@code firstSeq} to {@code lastSeq}, possibly with older ones
     * between. It may be on several pages.
     */
    public record ThreadNews(ThreadId thread, long firstSeq, long lastSeq) {
        private ThreadNews and(ThreadNews other) {
            return new ThreadNews(thread, Math.min(firstSeq, other.firstSeq), Math.max(lastSeq, other.lastSeq));
        }
    }

    /**
     * A message in the order of changes.
     *
     * @param changed the transaction that stored it
     */
    public record Place(long changed, UUID threadId, long seq) {
        /** Before everything that comes after this horizon. */
        static Place before(Horizon horizon) {
            return new Place(horizon.oldestRunning(), new UUID(0, 0), 0);
        }
    }

    static News page(Horizon horizon, List<Place> stored, int limit) {
        return new News(horizon, true, threads(stored), stored.size() < limit ? null : stored.getLast());
    }

    private static List<ThreadNews> threads(Collection<Place> stored) {
        Map<UUID, ThreadNews> threads = new LinkedHashMap<>();
        for (Place each : stored) {
            threads.merge(
                    each.threadId(),
                    new ThreadNews(ThreadId.of(each.threadId()), each.seq(), each.seq()),
                    ThreadNews::and);
        }
        return List.copyOf(threads.values());
    }
}
