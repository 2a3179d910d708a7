package com.cove.db.message;

import com.cove.model.message.SendMessage;
import com.cove.model.user.UserId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody sends a message. */
public record Send(UserId sender, SendMessage request) {
    /** Null where the text is the id of nothing. */
    @Nullable UUID thread() {
        return request.threadId().uuid().orElse(null);
    }

    @Nullable String clientMessageId() {
        return request.clientMessageId() == null
                ? null
                : request.clientMessageId().value();
    }
}
