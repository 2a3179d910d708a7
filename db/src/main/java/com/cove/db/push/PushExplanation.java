package com.cove.db.push;

import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why somebody got a push for a message, or none, as far as the stored state tells now.
 *
 * @param threadId null, as what follows, where there is no such message or they are no member of its thread
 * @param devices how many of theirs have a token
 * @param reached whether the message provably arrived on one of them
 * @param push the state of the pushes for the thread; null where none was ever due
 */
public record PushExplanation(
        PushVerdict verdict,
        UserId userId,
        MessageId messageId,
        @Nullable ThreadId threadId,
        long seq,
        @Nullable Instant storedAt,
        long lastReadSeq,
        @Nullable Instant mutedUntil,
        int devices,
        boolean reached,
        @Nullable PushState push) {

    static PushExplanation none(UserId user, MessageId message) {
        return new PushExplanation(PushVerdict.NOT_MEMBER, user, message, null, 0, null, 0, null, 0, false, null);
    }
}
