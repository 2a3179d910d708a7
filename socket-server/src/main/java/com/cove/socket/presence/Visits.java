package com.cove.socket.presence;

import com.cove.model.user.UserId;
import com.cove.socket.transport.Connection;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is at this node: whoever has a connection, or had one less than the grace ago, so that a reconnect is no news. Thread-safe. */
final class Visits {
    private final Timer timer;
    private final Clock clock;
    private final Duration grace;
    private final Consumer<UserId> changed;
    private final Map<UserId, Visit> visits = new ConcurrentHashMap<>();

    /** @param changed is told, without any lock held, that somebody came or left; must not wait */
    Visits(Timer timer, Clock clock, Duration grace, Consumer<UserId> changed) {
        this.timer = timer;
        this.clock = clock;
        this.grace = grace;
        this.changed = changed;
    }

    /** The time that somebody is here without a break. Changed within the map's own lock only, read by anybody. */
    private static final class Visit {
        private final Set<Connection> connections = new HashSet<>(2);
        private @Nullable Timeout leaving;
        private volatile @Nullable Instant lastSeenAt;
        /** The grace is over; until the others know, they may come back. */
        private volatile boolean gone;

        private volatile boolean registered;
        /** The people here were told that they are online. */
        private volatile boolean toldHere;
        /** All were. */
        private volatile boolean told;

        /** Whether they hide, as those were told who know of them; null while they hide, and some may have been told before. */
        private volatile @Nullable Boolean hidden;
    }

    void add(Connection connection) {
        boolean[] came = new boolean[1];
        visits.compute(connection.user(), (_, known) -> {
            Visit visit = known == null ? new Visit() : known;
            came[0] = known == null || visit.gone;
            visit.connections.add(connection);
            visit.lastSeenAt = null;
            visit.gone = false;
            if (visit.leaving != null) {
                visit.leaving.cancel();
                visit.leaving = null;
            }
            return visit;
        });
        if (came[0]) {
            changed.accept(connection.user());
        }
    }

    void remove(Connection connection) {
        UserId user = connection.user();
        visits.computeIfPresent(user, (_, visit) -> {
            if (visit.connections.remove(connection) && visit.connections.isEmpty()) {
                visit.lastSeenAt = clock.instant();
                visit.leaving =
                        timer.newTimeout(timeout -> leave(user, timeout), grace.toMillis(), TimeUnit.MILLISECONDS);
            }
            return visit;
        });
    }

    private void leave(UserId user, Timeout timeout) {
        boolean[] left = new boolean[1];
        visits.computeIfPresent(user, (_, visit) -> {
            left[0] = timeout.equals(visit.leaving);
            visit.gone |= left[0];
            return visit;
        });
        if (left[0]) {
            changed.accept(user);
        }
    }

    /**
     * The others can know that somebody is here.
     *
     * @param toldBefore whether everybody knows already
     */
    void registered(UserId user, boolean toldBefore) {
        visits.computeIfPresent(user, (_, visit) -> {
            // Once they are, it is this node that tells.
            if (!visit.registered) {
                visit.registered = true;
                visit.toldHere |= toldBefore;
                visit.told |= toldBefore;
            }
            return visit;
        });
    }

    /** What is left of a visit: whether somebody was told of it, and when it ended. */
    record Over(boolean told, Instant lastSeenAt) {}

    /** The others can know that somebody is not here any more; null where they came back meanwhile. */
    @Nullable Over unregistered(UserId user) {
        Over[] over = new Over[1];
        visits.computeIfPresent(user, (_, visit) -> {
            Instant lastSeenAt = visit.lastSeenAt;
            if (!visit.gone || lastSeenAt == null) {
                return visit;
            }
            over[0] = new Over((visit.told || visit.toldHere) && !Boolean.TRUE.equals(visit.hidden), lastSeenAt);
            return null;
        });
        return over[0];
    }

    boolean isHere(UserId user) {
        Visit visit = visits.get(user);
        return visit != null && !visit.gone;
    }

    /** Whether the others can know that they are here. */
    boolean isRegistered(UserId user) {
        Visit visit = visits.get(user);
        return visit != null && visit.registered;
    }

    /** Whether they are here, and the people here were told. */
    boolean isTold(UserId user) {
        Visit visit = visits.get(user);
        return visit != null && !visit.gone && (visit.told || visit.toldHere);
    }

    boolean isToldEverywhere(UserId user) {
        Visit visit = visits.get(user);
        return visit != null && visit.told;
    }

    /** Marks that the people here were told, and perhaps all others; false where those here were before. */
    boolean tell(UserId user, boolean everywhere) {
        boolean[] news = new boolean[1];
        visits.computeIfPresent(user, (_, visit) -> {
            news[0] = !visit.toldHere;
            visit.toldHere = true;
            visit.told |= everywhere;
            return visit;
        });
        return news[0];
    }

    /**
     * Notes whether somebody hides, as they come; a change later on is to be {@linkplain #hide told}. Who hides then may have begun to
     * a moment ago, when another node had already told of them.
     */
    void begin(UserId user, boolean hidden) {
        visits.computeIfPresent(user, (_, visit) -> {
            if (visit.hidden == null && !hidden) {
                visit.hidden = false;
            }
            return visit;
        });
    }

    /** Notes that somebody hides or shows themselves; true where somebody may have been told otherwise. */
    boolean hide(UserId user, boolean hidden) {
        boolean[] news = new boolean[1];
        visits.computeIfPresent(user, (_, visit) -> {
            news[0] = !Boolean.valueOf(hidden).equals(visit.hidden) && (hidden || visit.told || visit.toldHere);
            visit.hidden = hidden;
            return visit;
        });
        return news[0];
    }

    /** Everybody who is here now. */
    Set<UserId> everybody() {
        return visits.entrySet().stream()
                .filter(visit -> !visit.getValue().gone)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Who was here, and when they were last seen: now, where they still are. */
    Map<UserId, Instant> lastSeen() {
        Instant now = clock.instant();
        return visits.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, visit -> Objects.requireNonNullElse(visit.getValue().lastSeenAt, now)));
    }
}
