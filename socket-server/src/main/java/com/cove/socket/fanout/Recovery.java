package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.recovery.Missed;
import com.cove.db.recovery.RecoveryStore;
import com.cove.db.recovery.Trace;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.limit.Rate;
import com.cove.socket.limit.RateLimiter;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.FormerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Where each connection begins: behind the last thing its client saw, if it was connected before and all that it missed can be
 * read; otherwise now. Connection state recovery as Socket.IO clients from 4.6 do it by themselves, on any node: the state is in
 * the database and with the client, in its {@code pid} and its last {@link Seen offset}.
 */
public final class Recovery implements ConnectionObserver {
    /** What a client that loses its connection again and again may need; each costs some queries. */
    private static final Rate COMEBACKS = new Rate(1, 60);

    /** With the transactions that store messages these leave connections of the database for everything else. */
    private static final int READING_AT_A_TIME = 4;

    private static final int USER_BYTES = 8;

    private final RecoveryStore store;
    private final Connections connections;
    private final Fanout fanout;
    private final Repair repair;
    private final MeterRegistry meters;
    private final Bounds bounds;
    private final RateLimiter<UserId> comebacks = new RateLimiter<>(COMEBACKS);
    private final Semaphore reading = new Semaphore(READING_AT_A_TIME, true);

    /**
     * What is sent to one connection that comes back; where it missed more, it begins anew.
     *
     * @param events 0 for none at all
     * @param bytes less than what may wait for a client
     */
    public record Bounds(int events, int bytes) {
        private static final int MAX_BYTES = 4 * 1024 * 1024;

        /** All of it, offsets included, fits into what may wait for a client. */
        public static Bounds of(int maxEvents, int outboundBytes) {
            return new Bounds(
                    Math.min(maxEvents, outboundBytes / 2 / Seen.MAX_LENGTH), Math.min(MAX_BYTES, outboundBytes / 4));
        }
    }

    public Recovery(
            RecoveryStore store,
            Connections connections,
            Fanout fanout,
            Repair repair,
            MeterRegistry meters,
            Bounds bounds) {
        this.store = store;
        this.connections = connections;
        this.fanout = fanout;
        this.repair = repair;
        this.meters = meters;
        this.bounds = bounds;
    }

    /** What was missed, of somebody who comes back. */
    private record Return(String pid, Seen former, Missed missed) {}

    /** @throws AppException {@code unavailable} where the database cannot say where to begin */
    @Override
    public void connected(Connection connection) {
        Receiver receiver = new Receiver(connection, fanout);
        connections.add(receiver);
        Delivered node = fanout.delivered();
        if (node == null) {
            throw lost();
        }
        // Only now: what is stored after this look at the database finds the receiver, and a node that delivers.
        Optional<Return> comeback = comeback(connection);
        Return begin = comeback.orElseGet(() -> anew(connection));
        int round = repair.nextRound();
        if (!node.horizon().epoch().equals(begin.missed.until().epoch())) {
            throw lost();
        }
        connection.nameState(begin.pid);
        receiver.begin(begin.former, begin.missed, round);
        count(connection, comeback);
    }

    private static AppException lost() {
        return new AppException(ErrorCode.UNAVAILABLE, "This server does not know yet where it is");
    }

    @Override
    public void disconnected(Connection connection) {
        connections.remove(connection);
    }

    private void count(Connection connection, Optional<Return> comeback) {
        String outcome =
                comeback.isPresent() ? "recovered" : connection.formerState().isPresent() ? "anew" : "first";
        meters.counter("cove.connects", "state", outcome).increment();
    }

    private Return anew(Connection connection) {
        Horizon now = store.horizon();
        String pid = String.join(".", connection.id(), user(connection.user()), now.epoch(), Snapshots.text(now));
        return new Return(pid, new Seen(now), new Missed(now, List.of()));
    }

    /** Whole, or not at all: what is made up, of somebody else, of another history, or too much, makes a new beginning. */
    private Optional<Return> comeback(Connection connection) {
        UserId user = connection.user();
        return connection
                .formerState()
                .filter(_ -> bounds.events() > 0 && comebacks.waitFor(user).isEmpty())
                .flatMap(state -> beginning(user, state)
                        .flatMap(beginning -> seen(beginning, state)
                                .flatMap(seen -> missed(user, beginning, seen)
                                        .map(missed -> new Return(state.pid(), seen, missed)))));
    }

    private Optional<Missed> missed(UserId user, Horizon beginning, Seen seen) {
        Predicate<Trace> known = trace -> beginning.sees(trace.transaction()) || seen.includes(trace);
        reading.acquireUninterruptibly();
        try {
            return store.missed(user, seen.horizon(), known, bounds.events(), bounds.bytes())
                    .map(missed -> without(missed, known));
        } finally {
            reading.release();
        }
    }

    private Missed without(Missed missed, Predicate<Trace> known) {
        return new Missed(
                missed.until(),
                missed.changes().stream()
                        .filter(change -> !known.test(Trace.of(change)))
                        .map(fanout::raised)
                        .toList());
    }

    /** What the client's state began with, as its name says. */
    private static Optional<Horizon> beginning(UserId user, FormerState state) {
        String[] parts = state.pid().split("\\.", 4);
        return parts.length == 4 && parts[1].equals(user(user)) && parts[3].length() <= Seen.MAX_LENGTH
                ? Snapshots.parse(parts[2], parts[3])
                : Optional.empty();
    }

    private static Optional<Seen> seen(Horizon beginning, FormerState state) {
        return state.offset() == null ? Optional.of(new Seen(beginning)) : Seen.since(beginning, state.offset());
    }

    /** A client that changes its user begins anew: its new user's events were never sent to it. */
    private static String user(UserId user) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(user.value().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, USER_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
