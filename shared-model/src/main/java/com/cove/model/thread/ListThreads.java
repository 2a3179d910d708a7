package com.cove.model.thread;

import com.cove.model.text.Texts;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /threads}, newest activity first.
 *
 * @param limit 1 to 100; 20 where absent
 * @param page the {@code nextPage} of the page before; absent for the first
 */
public record ListThreads(@Nullable Integer limit, @Nullable String page) {
    public ListThreads {
        limit = Texts.within("limit", limit, 1, 100, 20);
        if (page != null) {
            Texts.opaque("page", page, 512);
        }
    }
}
