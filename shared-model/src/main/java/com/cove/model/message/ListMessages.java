package com.cove.model.message;

import com.cove.model.error.AppException;
import com.cove.model.text.Texts;
import com.cove.model.thread.ThreadId;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /thread-messages}: newest first with {@code before} or neither, oldest first with {@code after}.
 *
 * @param limit 1 to 200; 50 where absent
 * @param before only messages with a smaller seq
 * @param after only messages with a greater seq
 */
public record ListMessages(
        ThreadId threadId,
        @Nullable Integer limit,
        @Nullable Long before,
        @Nullable Long after) {
    public ListMessages {
        Texts.required("threadId", threadId);
        limit = Texts.within("limit", limit, 1, 200, 50);
        if (before != null && after != null) {
            throw AppException.invalid("after", "cannot be combined with before");
        }
        if (before != null && before < 1) {
            throw AppException.invalid("before", "must be at least 1");
        }
        if (after != null && after < 0) {
            throw AppException.invalid("after", "must not be negative");
        }
    }
}
