package com.cove.api.http;

import com.cove.model.user.UserProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whom a handler provisioned within the last minute, by which name and picture: the last thousand of them. Thread-safe. */
final class RecentCallers {
    private static final Duration KEEP = Duration.ofMinutes(1);
    private static final int MOST = 1_000;

    /** The time of day: no other clock is sure to go on while a process is frozen. */
    private final InstantSource clock;

    private final Map<UserProfile, Instant> seen = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UserProfile, Instant> eldest) {
            return size() > MOST;
        }
    };

    RecentCallers(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(UserProfile profile) {
        seen.put(profile, clock.instant());
    }

    synchronized boolean contains(UserProfile profile) {
        Instant when = seen.get(profile);
        return when != null && Duration.between(when, clock.instant()).abs().compareTo(KEEP) < 0;
    }
}
