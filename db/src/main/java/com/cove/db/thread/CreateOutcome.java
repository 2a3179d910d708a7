package com.cove.db.thread;

import com.cove.model.thread.ChatThread;

/** What became of a creation; {@code created} is false for a direct thread that existed already. */
public record CreateOutcome(ChatThread thread, boolean created) {}
