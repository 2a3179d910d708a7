package com.cove.db.push;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of the pushes of one member and thread.
 *
 * @param seq the newest message that was due
 * @param attempts that failed since one succeeded
 * @param sentSeq of the notification that may be shown now; null for none
 * @param sentAt when FCM accepted the last one; null for never
 * @param lacking the devices it is to be tried again for; null for all
 * @param nextAt when it is looked at again; null where there is nothing to do
 * @param failure the code of the last failure, or null
 * @param verdict what became of {@code seq}; null before anything did
 */
public record PushState(
        long seq,
        int attempts,
        @Nullable Long sentSeq,
        @Nullable Instant sentAt,
        @Nullable List<String> lacking,
        @Nullable Instant nextAt,
        @Nullable String failure,
        @Nullable PushVerdict verdict) {}
