package com.cove.socket.event;

import com.cove.socket.limit.Rate;
import com.cove.socket.limit.RateLimiter;
import com.cove.socket.limit.UserLimits;
import com.cove.socket.transport.Connection;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;

/** How many events a connection and its user may send. */
final class EventRates {
    /** Refused events that a connection may go on sending, in bursts. */
    private static final int PATIENCE = 10;

    private final Rate connectionRate;
    private final UserLimits users;
    /** Weak, because an event may come while its connection ends. */
    private final Cache<Connection, Buckets> connections =
            Caffeine.newBuilder().weakKeys().build();

    private record Buckets(Bucket events, Bucket refusals) {}

    EventRates(UserLimits users) {
        this.connectionRate = users.config().connectionEvents();
        this.users = users;
    }

    /** Counts an event; how long the client has to wait if it is one too many. */
    Optional<Duration> waitFor(Connection connection) {
        return RateLimiter.waitFor(buckets(connection).events).or(() -> users.waitFor(connection.user()));
    }

    /** Counts a refused event; false once the client takes no heed, so that answering it is no use. */
    boolean mayBeRefused(Connection connection) {
        return buckets(connection).refusals.tryConsume(1);
    }

    private Buckets buckets(Connection connection) {
        return connections.get(
                connection, _ -> new Buckets(connectionRate.bucket(), refusals().bucket()));
    }

    private Rate refusals() {
        return new Rate(connectionRate.perSecond(), PATIENCE * connectionRate.burst());
    }
}
