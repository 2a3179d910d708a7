package com.cove.model.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a thread.
 *
 * @param nextCursor the seq to pass on in the same direction; null where there is nothing further
 */
public record MessagePage(List<Message> messages, @Nullable Long nextCursor, boolean hasMore) {}
