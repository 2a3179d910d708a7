package com.cove.model.thread;

import com.cove.model.sync.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the caller's threads.
 *
 * @param nextPage what to pass as {@code page}; null on the last page
 * @param cursor where {@code sync} goes on from; the same on every page of one listing, taken with the first
 */
public record ThreadPage(List<ChatThread> threads, @Nullable String nextPage, Cursor cursor) {}
