package com.cove.socket.fanout;

import com.cove.model.event.Change;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How far clients were told that each reader got. Two marks of one reader may commit in one order and be told of in the other;
 * {@code lastReadSeq} never goes back all the same.
 */
final class Watermarks {
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);
    private static final int MAX_READERS = 200_000;

    private record Reader(ThreadId thread, UserId user) {}

    private final Cache<Reader, Long> told = Caffeine.newBuilder()
            .expireAfterAccess(FORGET_AFTER)
            .maximumSize(MAX_READERS)
            .build();

    /** Hands the mark on with the highest watermark known, one of a reader's after the other. */
    void inOrder(Change.Reading read, Consumer<Change.Reading> send) {
        told.asMap().compute(new Reader(read.thread(), read.reader()), (_, before) -> {
            long highest = before == null ? read.lastReadSeq() : Math.max(before, read.lastReadSeq());
            send.accept(read.withLastReadSeq(highest));
            return highest;
        });
    }

    /** The mark with the highest watermark known, for one connection that missed it. */
    Change.Reading highest(Change.Reading read) {
        return read.withLastReadSeq(
                told.asMap().merge(new Reader(read.thread(), read.reader()), read.lastReadSeq(), Math::max));
    }

    void forget() {
        told.invalidateAll();
    }
}
