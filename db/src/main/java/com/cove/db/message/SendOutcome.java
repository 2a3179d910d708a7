package com.cove.db.message;

import com.cove.model.message.Message;
import com.cove.model.user.UserId;
import java.util.List;

/**
 * What became of a send.
 *
 * @param stored false where the same {@code clientMessageId} was stored before: this is that message, already delivered
 * @param memberIds everybody in the thread, the sender included
 */
public record SendOutcome(Message message, boolean stored, List<UserId> memberIds) {}
