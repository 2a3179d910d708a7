package com.cove.socket.push;

import com.cove.auth.fcm.FcmConfig;
import com.cove.db.push.PushRules;
import com.cove.model.config.Environment;
import java.time.Duration;
import java.util.Optional;

/**
 * When and how pushes are sent.
 *
 * @param rules when one is due
 * @param fcm what it looks like
 */
public record PushConfig(PushRules rules, FcmConfig fcm) {
    /** How much longer than the grace a node may take to say whom it reached. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Reads the settings and notes problems, without throwing; empty where no pushes are wanted. */
    public static Optional<PushConfig> from(Environment env) {
        Duration grace = env.millis("PUSH_GRACE_MS", Duration.ofSeconds(3), Duration.ZERO, Duration.ofMinutes(10));
        Duration stale = env.millis("PUSH_STALE_MS", Duration.ofHours(4), Duration.ofMinutes(1), Duration.ofDays(20));
        if (stale.compareTo(grace.plus(PATIENCE)) <= 0) {
            env.problem("PUSH_STALE_MS must be more than PUSH_GRACE_MS and " + PATIENCE.toMillis()
                    + ", or nothing is ever pushed");
        }
        PushRules rules = new PushRules(grace, PATIENCE, stale, env.flag("PUSH_WITHDRAW", true));
        PushConfig config = new PushConfig(rules, FcmConfig.from(env));
        return env.flag("PUSH", true) ? Optional.of(config) : Optional.empty();
    }
}
