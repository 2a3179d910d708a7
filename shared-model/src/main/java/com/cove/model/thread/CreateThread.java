package com.cove.model.thread;

import com.cove.model.text.Texts;
import com.cove.model.user.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /create-thread}. The caller is added by itself; repeated ids count once.
 *
 * @param title 1 to 200 code points, not blank; two members without a title are a direct thread
 */
public record CreateThread(
        List<UserId> participantIds, @Nullable String title) {
    /** Members in all, the caller included. */
    public static final int MAX_MEMBERS = 256;

    public CreateThread {
        participantIds = Texts.elements("participantIds", participantIds).stream()
                .distinct()
                .toList();
        if (title != null) {
            Texts.prose("title", title, 200);
        }
    }
}
