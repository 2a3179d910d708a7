package com.cove.socket.presence;

import com.cove.db.presence.Circle;
import com.cove.db.presence.PresenceStore;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.UserOnline;
import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.fanout.DeliveryObserver;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OutboundEvent;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is online: somebody with a connection, or without one for less than the grace, so that a reconnect is no news. Told to
 * people who share a thread. What cannot be read from the database is left untold; no connection fails for it.
 */
public final class Presence implements ConnectionObserver, DeliveryObserver {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final PresenceStore users;
    private final Fanout fanout;
    private final Timer timer;
    private final Executor executor;
    private final Clock clock;
    private final Duration grace;
    private final Map<UserId, Visit> online = new ConcurrentHashMap<>();

    public Presence(PresenceStore users, Fanout fanout, Timer timer, Executor executor, Clock clock, Duration grace) {
        this.users = users;
        this.fanout = fanout;
        this.timer = timer;
        this.executor = executor;
        this.clock = clock;
        this.grace = grace;
    }

    /** The time somebody is online without a break. Its monitor orders what is told about it. */
    private static final class Visit {
        private final Set<Connection> connections = new HashSet<>(2);
        private @Nullable Timeout leaving;
        private boolean announced;
        private volatile boolean over;
    }

    @Override
    public void connected(Connection connection) {
        boolean arrived = false;
        while (!arrived) {
            Visit visit = online.computeIfAbsent(connection.user(), _ -> new Visit());
            synchronized (visit) {
                arrived = !visit.over;
                if (arrived) {
                    arrive(visit, connection);
                }
            }
        }
    }

    private void arrive(Visit visit, Connection connection) {
        visit.connections.add(connection);
        if (visit.leaving != null) {
            visit.leaving.cancel();
            visit.leaving = null;
        }
        Set<UserId> contacts = contacts(connection.user());
        for (UserId contact : contacts) {
            if (isOnline(contact)) {
                connection.send(OutboundEvent.of(new UserOnline(contact, true, null)));
            }
        }
        if (!visit.announced) {
            visit.announced = true;
            fanout.send(contacts, new UserOnline(connection.user(), true, null));
        }
    }

    @Override
    public void disconnected(Connection connection) {
        UserId user = connection.user();
        Visit visit = online.get(user);
        if (visit == null) {
            return;
        }
        Instant lastSeenAt = clock.instant();
        synchronized (visit) {
            visit.connections.remove(connection);
            if (visit.connections.isEmpty()) {
                visit.leaving = timer.newTimeout(
                        timeout -> executor.execute(() -> leave(user, visit, timeout, lastSeenAt)),
                        grace.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        }
    }

    private void leave(UserId user, Visit visit, Timeout timeout, Instant lastSeenAt) {
        synchronized (visit) {
            if (!timeout.equals(visit.leaving)) {
                return;
            }
            remember(user, lastSeenAt);
            Set<UserId> contacts = contacts(user);
            visit.over = true;
            fanout.send(contacts, new UserOnline(user, false, lastSeenAt));
            // Last: until then a new visit of the same user waits for this one's monitor, and is told of after it.
            online.remove(user, visit);
        }
    }

    private boolean isOnline(UserId user) {
        Visit visit = online.get(user);
        return visit != null && !visit.over;
    }

    /** People who meet in a new thread learn at once who of them is online. */
    @Override
    public void delivering(Delivery delivery) {
        if (delivery.change() instanceof Change.Beginning) {
            for (UserId member : delivery.recipients()) {
                if (isOnline(member)) {
                    fanout.send(others(delivery.recipients(), member), new UserOnline(member, true, null));
                }
            }
        }
    }

    private static List<UserId> others(List<UserId> members, UserId user) {
        return members.stream().filter(member -> !member.equals(user)).toList();
    }

    private Set<UserId> contacts(UserId user) {
        try {
            return users.circles(List.of(user)).values().stream()
                    .findFirst()
                    .map(Circle::contacts)
                    .orElse(Set.of());
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("userId", user).setCause(e).log("presence was not told");
            return Set.of();
        }
    }

    private void remember(UserId user, Instant lastSeenAt) {
        try {
            users.seen(Map.of(user, lastSeenAt));
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("userId", user).setCause(e).log("last seen was not stored");
        }
    }
}
