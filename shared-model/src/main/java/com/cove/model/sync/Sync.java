package com.cove.model.sync;

import com.cove.model.text.Texts;
import org.jspecify.annotations.Nullable;

/**
 * {@code sync} and {@code GET /sync}.
 *
 * @param limit threads and messages of a page, together: 1 to 500; 200 where absent
 */
public record Sync(Cursor cursor, @Nullable Integer limit) {
    public Sync {
        Texts.required("cursor", cursor);
        limit = Texts.within("limit", limit, 1, 500, 200);
    }
}
