package com.cove.db.message;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.hook.Delivery;
import com.cove.model.message.Message;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Optional;

/**
 * What became of a send.
 *
 * @param stored false where the same {@code clientMessageId} was stored before: this is that message, already delivered
 * @param memberIds everybody in the thread, the sender included
 * @param transaction that stored it
 */
public record SendOutcome(Message message, boolean stored, List<UserId> memberIds, long transaction) {

    /** What is to be delivered; nothing where it was, before. */
    public Optional<Delivery> news() {
        return stored
                ? Optional.of(new Delivery(memberIds, Change.of(new NewMessage(message), transaction)))
                : Optional.empty();
    }
}
