package com.cove.socket.push;

import com.cove.auth.fcm.PushResult;
import com.cove.db.push.DuePush;
import com.cove.db.push.PushDevice;
import com.cove.db.push.PushOutcome;
import com.cove.db.push.PushVerdict;
import com.cove.model.push.Push;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One claimed push on its way to each of its devices, until all have answered. Thread-safe. */
final class Attempt {
    private final DuePush due;
    private final Push push;
    private final Map<PushDevice, PushResult> results = new LinkedHashMap<>();

    Attempt(DuePush due, Push push) {
        this.due = due;
        this.push = push;
    }

    DuePush due() {
        return due;
    }

    Push push() {
        return push;
    }

    /** True with the last answer. */
    synchronized boolean answered(PushDevice device, PushResult result) {
        results.put(device, result);
        return results.size() == due.devices().size();
    }

    /** The devices whose tokens are dead. */
    synchronized List<PushDevice> dead() {
        return results.entrySet().stream()
                .filter(each -> each.getValue() instanceof PushResult.DeadToken)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * What became of it, once all have answered. A device whose token is dead is looked at again at once: it may have registered anew
     * meanwhile.
     */
    synchronized PushOutcome outcome(Backoff backoff, Instant now) {
        List<String> lacking = results.entrySet().stream()
                .filter(each -> switch (each.getValue()) {
                    case PushResult.Later _, PushResult.DeadToken _ -> true;
                    case PushResult.Accepted _, PushResult.Refused _ -> false;
                })
                .map(each -> each.getKey().device())
                .toList();
        boolean accepted = results.values().stream().anyMatch(PushResult.Accepted.class::isInstance);
        if (!lacking.isEmpty()) {
            Duration wait = dead().size() == lacking.size() ? Duration.ZERO : backoff.after(due.attempts(), askedFor());
            return new PushOutcome(due, PushVerdict.DUE, accepted, lacking, now.plus(wait), failure());
        }
        PushVerdict sent = due.withdraws() ? PushVerdict.WITHDRAWN : PushVerdict.SENT;
        return new PushOutcome(due, accepted ? sent : PushVerdict.REFUSED, accepted, List.of(), null, failure());
    }

    /** The longest wait that FCM asks for. */
    private Duration askedFor() {
        return results.values().stream()
                .map(result ->
                        result instanceof PushResult.Later later ? later.after().orElse(Duration.ZERO) : Duration.ZERO)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private @Nullable String failure() {
        return results.values().stream()
                .filter(result -> !(result instanceof PushResult.Accepted))
                .map(PushResult::code)
                .findFirst()
                .orElse(null);
    }
}
