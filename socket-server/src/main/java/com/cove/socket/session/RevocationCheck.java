package com.cove.socket.session;

import com.cove.auth.TokenAuthority;
import com.cove.auth.TokenVerifier;
import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.user.UserId;
import com.cove.socket.fanout.Connections;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.Connection;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connections whose tokens no longer count – revoked, or of a disabled or deleted user – where such checks are on.
 * Every interval one round asks about everybody who is connected here, a hundred users at a time, one question after the
 * other. Where there is no answer nobody is closed: all were let in with a valid token, and leave with its expiry at the
 * latest.
 */
public final class RevocationCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RevocationCheck.class);
    /** In a row; the rest of the round is not asked for then, as each question may take seconds. */
    private static final int FAILURES = 3;

    private final TokenAuthority tokens;
    private final Connections connections;
    private final Timer timer;
    private final ExecutorService executor;
    private final Duration interval;
    private @Nullable Timeout next;
    private @Nullable Future<?> running;
    private boolean closed;

    /** @param interval from the beginning of a round to that of the next; zero turns all checks off */
    public RevocationCheck(
            TokenAuthority tokens, Connections connections, Timer timer, ExecutorService executor, Duration interval) {
        this.tokens = interval.isZero() ? tokens : new RevocationGate(tokens);
        this.connections = connections;
        this.timer = timer;
        this.executor = executor;
        this.interval = interval;
    }

    /** For tokens that come in: refuses those that no longer count as well, where checks are on. */
    public TokenVerifier verifier() {
        return tokens;
    }

    /** Begins with the rounds; the first comes at a random time within the interval, as many servers may start at once. */
    public void start() {
        if (!interval.isZero()) {
            schedule(ThreadLocalRandom.current().nextLong(interval.toMillis()));
        }
    }

    /** Ends the rounds, and the one that runs. */
    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
        if (running != null) {
            running.cancel(true);
        }
    }

    private synchronized void schedule(long millis) {
        if (!closed) {
            next = timer.newTimeout(_ -> begin(), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** On the timer's thread: hands over. */
    private synchronized void begin() {
        if (!closed) {
            running = executor.submit(this::run);
        }
    }

    private void run() {
        long start = System.nanoTime();
        try {
            round();
        } catch (RuntimeException e) {
            log.error("a round of revocation checks failed", e);
        } finally {
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            schedule(Math.max(0, interval.minus(taken).toMillis()));
        }
    }

    private void round() {
        String problem = "";
        int failures = 0;
        int unchecked = 0;
        for (List<UserId> users : batches()) {
            Optional<String> failure = failures < FAILURES ? check(users) : Optional.of(problem);
            problem = failure.orElse(problem);
            failures = failure.isPresent() ? failures + 1 : 0;
            unchecked += failure.isPresent() ? users.size() : 0;
        }
        if (unchecked > 0 && !Thread.currentThread().isInterrupted()) {
            log.atWarn()
                    .addKeyValue("users", unchecked)
                    .addKeyValue("problem", problem)
                    .log("revocations were not checked");
        }
    }

    /** In an order drawn anew: a batch that is never answered leaves different people unchecked each time. */
    private List<List<UserId>> batches() {
        List<UserId> users = new ArrayList<>(connections.online());
        Collections.shuffle(users);
        List<List<UserId>> batches = new ArrayList<>();
        for (int from = 0; from < users.size(); from += TokenAuthority.USERS_AT_ONCE) {
            batches.add(users.subList(from, Math.min(users.size(), from + TokenAuthority.USERS_AT_ONCE)));
        }
        return batches;
    }

    /** Why there was no answer; nothing where there was one. A connection may have a fresh token by then, and stays. */
    private Optional<String> check(List<UserId> users) {
        List<Connection> asked =
                users.stream().map(connections::of).flatMap(Collection::stream).toList();
        try {
            Set<VerifiedToken> revoked =
                    tokens.revoked(asked.stream().map(Connection::token).collect(Collectors.toSet()));
            asked.stream()
                    .filter(connection -> revoked.contains(connection.token()))
                    .forEach(connection -> connection.close(CloseReason.TOKEN_REVOKED));
            return Optional.empty();
        } catch (AppException e) {
            return Optional.of(e.safeMessage());
        }
    }
}
