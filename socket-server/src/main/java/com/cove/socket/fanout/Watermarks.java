package com.cove.socket.fanout;

import com.cove.model.event.ServerEvent.MessageRead;
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

    /** Hands the event on with the highest watermark known, one of a reader's after the other. */
    void inOrder(MessageRead event, Consumer<MessageRead> send) {
        told.asMap().compute(new Reader(event.threadId(), event.userId()), (_, before) -> {
            long highest = before == null ? event.lastReadSeq() : Math.max(before, event.lastReadSeq());
            send.accept(event.withLastReadSeq(highest));
            return highest;
        });
    }

    /** The event with the highest watermark known, for one connection that missed it. */
    MessageRead highest(MessageRead event) {
        return event.withLastReadSeq(
                told.asMap().merge(new Reader(event.threadId(), event.userId()), event.lastReadSeq(), Math::max));
    }

    void forget() {
        told.invalidateAll();
    }
}
