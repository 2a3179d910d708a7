package com.cove.db.thread;

import com.cove.model.error.AppException;
import com.cove.model.sync.Cursor;
import com.cove.model.text.Uuids;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code nextPage} says: the last thread of the page before, and the cursor of the first page. A thread that moves
 * to the top while somebody leafs through the list is on no later page; the first page's cursor brings it with sync.
 */
record PageToken(ListPlace last, Cursor cursor) {
    private static final Pattern FORM = Pattern.compile("1:(\\d{1,14}):([0-9a-f-]{36}):([A-Za-z0-9_-]+)");

    /** Reads a token; {@code invalid_request} for a text that no {@code nextPage} ever was. */
    static PageToken of(String page) {
        Matcher text = FORM.matcher(decoded(page));
        if (!text.matches()) {
            throw notOurs();
        }
        ListPlace last = new ListPlace(
                Instant.ofEpochMilli(Long.parseLong(text.group(1))),
                Uuids.canonical(text.group(2)).orElseThrow(PageToken::notOurs));
        return new PageToken(last, new Cursor(text.group(3)));
    }

    String text() {
        String text = "1:" + last.updatedAt().toEpochMilli() + ":" + last.id() + ":" + cursor.value();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String page) {
        try {
            return new String(Base64.getUrlDecoder().decode(page), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw notOurs();
        }
    }

    private static AppException notOurs() {
        return AppException.invalid("page", "is not a nextPage of this list");
    }
}
