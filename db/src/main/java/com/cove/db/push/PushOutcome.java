package com.cove.db.push;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a push that was {@linkplain PushStore#claim claimed}.
 *
 * @param verdict {@code SENT}, {@code WITHDRAWN}, {@code REFUSED}, or {@code DUE} where it is to be tried again
 * @param accepted whether FCM accepted it for some device
 * @param lacking the devices it is to be tried for again; empty unless {@code DUE}
 * @param nextAt when that is; null unless {@code DUE}
 * @param failure the code of the last failure
 */
public record PushOutcome(
        DuePush push,
        PushVerdict verdict,
        boolean accepted,
        List<String> lacking,
        @Nullable Instant nextAt,
        @Nullable String failure) {
    public PushOutcome {
        lacking = List.copyOf(lacking);
    }
}
