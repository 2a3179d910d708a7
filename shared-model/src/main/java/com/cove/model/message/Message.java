package com.cove.model.message;

import com.cove.model.text.Html;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored message as every member sees it.
 *
 * @param seq position in its thread: 1, 2, 3 … without gaps
 */
@JsonPropertyOrder({
    "id",
    "threadId",
    "seq",
    "senderId",
    "content",
    "contentHtml",
    "clientMessageId",
    "createdAt",
    "sender"
})
public record Message(
        MessageId id,
        ThreadId threadId,
        long seq,
        UserId senderId,
        String content,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ClientMessageId clientMessageId,
        Instant createdAt,
        UserProfile sender) {

    /** The content safe to place in HTML; null, and absent on the wire, where {@link #content} itself is safe. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public @Nullable String contentHtml() {
        return Html.escaped(content);
    }
}
