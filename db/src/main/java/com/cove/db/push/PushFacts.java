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

    /**
     * What is to be done now. The order is that of docs/push.md.
     *
     * @param reachable whether any device has a token
     * @param lacks whether one has that lacks the push
     */
    PushVerdict verdict(PushRules rules, boolean reachable, boolean lacks, Instant now) {
        PushVerdict verdict = verdict(rules, lacks, now);
        Long shown = state == null ? null : state.sentSeq();
        boolean isRead = rules.withdraw() && reachable && shown != null && lastReadSeq >= shown;
        return isRead && verdict != PushVerdict.DUE ? PushVerdict.WITHDRAW : verdict;
    }

    private PushVerdict verdict(PushRules rules, boolean lacks, Instant now) {
        if (lastReadSeq >= seq()) {
            return own ? PushVerdict.OWN : PushVerdict.READ;
        }
        if (isSent(lacks)) {
            return PushVerdict.SENT;
        }
        if (mutedUntil != null && mutedUntil.isAfter(now)) {
            return PushVerdict.MUTED;
        }
        if (reached) {
            return PushVerdict.REACHED;
        }
        if (!lacks) {
            return PushVerdict.NO_DEVICE;
        }
        return storedAt.plus(rules.stale()).isAfter(now) ? PushVerdict.DUE : PushVerdict.STALE;
    }

    private boolean isSent(boolean lacks) {
        return state != null
                && state.sentSeq() != null
                && state.sentSeq() >= seq()
                && (state.lacking() == null || !lacks);
    }

    /** Never the text: this may be logged. */
    @Override
    public String toString() {
        return "PushFacts[user=" + user.value() + ", thread=" + thread.value() + ", seq=" + seq() + "]";
    }
}
