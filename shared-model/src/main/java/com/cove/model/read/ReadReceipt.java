package com.cove.model.read;

import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;

/**
 * Who read which message when; the answer to a mark.
 *
 * @param readAt when it was first marked: a repeated mark answers the same time
 */
public record ReadReceipt(MessageId messageId, ThreadId threadId, UserId userId, Instant readAt) {}
