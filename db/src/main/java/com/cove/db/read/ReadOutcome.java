package com.cove.db.read;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.read.ReadReceipt;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Optional;

/**
 * What became of a mark.
 *
 * @param lastReadSeq the reader's watermark in the thread, now
 * @param changed true if this mark was news: a first record for this message, or a moved watermark
 * @param memberIds everybody in the thread, the reader included
 * @param transaction that recorded it; 0 where nothing changed
 */
public record ReadOutcome(
        ReadReceipt receipt, long lastReadSeq, boolean changed, List<UserId> memberIds, long transaction) {

    /** What is to be delivered; nothing where it is known already. */
    public Optional<Delivery> news() {
        if (!changed) {
            return Optional.empty();
        }
        MessageRead read = new MessageRead(
                receipt.messageId(), receipt.threadId(), receipt.userId(), receipt.readAt(), lastReadSeq);
        return Optional.of(new Delivery(memberIds, Change.of(read, transaction)));
    }
}
