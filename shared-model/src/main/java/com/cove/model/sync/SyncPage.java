package com.cove.model.sync;

import com.cove.model.message.Message;
import com.cove.model.thread.ChatThread;
import java.util.List;

/**
 * What changed since a cursor. Something may come twice, nothing is left out; a client drops repeats by
 * {@code (threadId, seq)}.
 *
 * @param reset the cursor means nothing here (a restored database): start again from {@code GET /threads}
 * @param messages in seq order per thread
 * @param cursor where to go on
 * @param hasMore the next page waits already
 */
public record SyncPage(
        boolean reset, List<ChatThread> threads, List<Message> messages, Cursor cursor, boolean hasMore) {}
