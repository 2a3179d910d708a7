package com.cove.auth.fcm;

import java.time.Duration;
import java.util.Optional;

/** What became of one attempt. {@code code} is FCM's or ours, upper case with underscores: a value for meters and logs. */
public sealed interface PushResult {
    String code();

    /** FCM has it, and will get it to the device. */
    record Accepted() implements PushResult {
        @Override
        public String code() {
            return "OK";
        }
    }

    /** There is no device behind this token, for us: nothing sent to it will ever arrive. */
    record DeadToken(String code) implements PushResult {}

    /** This push will never be accepted; its token may be good. */
    record Refused(String code) implements PushResult {}

    /**
     * May be accepted later.
     *
     * @param after not before then, as FCM asks
     * @param everybody true where it is FCM, or our standing with it, that fails, and not this one push or token
     */
    record Later(String code, Optional<Duration> after, boolean everybody) implements PushResult {}
}
