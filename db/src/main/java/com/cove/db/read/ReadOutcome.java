package com.cove.db.read;

import com.cove.model.read.ReadReceipt;
import com.cove.model.user.UserId;
import java.util.List;

/**
 * What became of a mark.
 *
 * @param lastReadSeq the reader's watermark in the thread, now
 * @param changed true if this mark was news: a first record for this message, or a moved watermark
 * @param memberIds everybody in the thread, the reader included
 */
public record ReadOutcome(ReadReceipt receipt, long lastReadSeq, boolean changed, List<UserId> memberIds) {}
