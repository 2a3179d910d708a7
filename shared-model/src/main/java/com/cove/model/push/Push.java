package com.cove.model.push;

import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;

/** What one device is told. One notification a thread: a later one takes the place of an earlier one, on the device as on the way. */
public sealed interface Push {
    ThreadId threadId();

    /** The newest message of the thread that this is about. */
    long seq();

    /** Unread messages of the user in all threads, for the app's badge. */
    long unread();

    /**
     * Shows a message.
     *
     * @param title whose it is, and in which thread where that has a title; shortened as {@link Wording} does
     * @param body the text, or what stands for it; shortened likewise, so that no push is too large for FCM
     */
    record Notification(ThreadId threadId, MessageId messageId, long seq, String title, String body, long unread)
            implements Push {
        public Notification {
            title = Excerpt.of(title, Wording.TITLE_GRAPHEMES, Wording.TITLE_BYTES);
            body = Excerpt.of(body, Wording.BODY_GRAPHEMES, Wording.BODY_BYTES);
        }

        /** Never the text: this may be logged. */
        @Override
        public String toString() {
            return "Notification[threadId=" + threadId.value() + ", seq=" + seq + "]";
        }
    }

    /** Takes the thread's notification away: it was read elsewhere. */
    record Withdrawal(ThreadId threadId, long seq, long unread) implements Push {}
}
