package com.cove.socket.push;

import com.cove.auth.fcm.PushClient;
import com.cove.auth.fcm.PushResult;
import com.cove.model.push.Push;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Phones behind an FCM that answers as a test wants it to. */
final class ScriptedPhones implements PushClient {
    static final PushResult ACCEPTED = new PushResult.Accepted();
    static final PushResult DOWN = new PushResult.Later("UNAVAILABLE", Optional.empty(), true);

    /** Something that FCM accepted. */
    record Shown(String token, Push push) {}

    final List<Shown> shown = Collections.synchronizedList(new ArrayList<>());
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    volatile BiFunction<String, Push, PushResult> script = (_, _) -> ACCEPTED;

    void answer(PushResult always) {
        script = (_, _) -> always;
    }

    static PushResult later(Duration after) {
        return new PushResult.Later("QUOTA_EXCEEDED", Optional.of(after), false);
    }

    @Override
    public PushResult send(String token, Push push) {
        requests.add(token);
        PushResult result = script.apply(token, push);
        if (result instanceof PushResult.Accepted) {
            shown.add(new Shown(token, push));
        }
        return result;
    }

    List<String> bodies() {
        synchronized (shown) {
            return shown.stream()
                    .map(each -> each.push instanceof Push.Notification text ? text.body() : "withdrawn")
                    .toList();
        }
    }
}
