package com.cove.db.push;

import com.cove.db.news.MessagePlace;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is stored about one member and one message: all that a decision follows from.
 *
 * @param own whether it is their own message
 * @param mutedUntil null where they did not mute the thread
 * @param reached whether it provably arrived on one of their devices
 * @param state of the pushes for the thread; null where none was ever due
 */
record PushFacts(
        UserId user,
        ThreadId thread,
        MessageId message,
        MessagePlace place,
        boolean own,
        @Nullable String senderName,
        @Nullable String title,
        String text,
        Instant storedAt,
        long lastReadSeq,
        @Nullable Instant mutedUntil,
        boolean reached,
        @Nullable PushState state) {

    long seq() {
        return place.seq();
    }

    /** What is to be done now. The order is that of docs/push.md. */
    PushVerdict verdict(PushRules rules, boolean hasDevice, Instant now) {
        Long sentSeq = state == null ? null : state.sentSeq();
        if (lastReadSeq >= seq()) {
            boolean shown = rules.withdraw() && sentSeq != null && lastReadSeq >= sentSeq;
            return shown && hasDevice ? PushVerdict.WITHDRAW : own ? PushVerdict.OWN : PushVerdict.READ;
        }
        if (state != null && sentSeq != null && sentSeq >= seq() && (state.lacking() == null || !hasDevice)) {
            return PushVerdict.SENT;
        }
        if (mutedUntil != null && mutedUntil.isAfter(now)) {
            return PushVerdict.MUTED;
        }
        if (reached) {
            return PushVerdict.REACHED;
        }
        if (!hasDevice) {
            return PushVerdict.NO_DEVICE;
        }
        return storedAt.plus(rules.stale()).isAfter(now) ? PushVerdict.DUE : PushVerdict.STALE;
    }
}
