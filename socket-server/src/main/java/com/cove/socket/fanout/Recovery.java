package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.recovery.Missed;
import com.cove.db.recovery.RecoveryStore;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
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
import org.jspecify.annotations.Nullable;

/**
 * Where each connection begins: behind the last thing its client saw, if it was connected before and all that it missed can be
 * read; otherwise now. Connection state recovery as Socket.IO clients from 4.6 do it by themselves, on any node: the state is in
 * the database and with the client, in its {@code pid} and its last {@link Seen offset}.
 */
public final class Recovery implements ConnectionObserver {
    private static final int MAX_PID_LENGTH = 4_000;
    private static final int USER_BYTES = 8;

    private final RecoveryStore store;
    private final Connections connections;
    private final Fanout fanout;
    private final Repair repair;
    private final MeterRegistry meters;
    private final Bounds bounds;

    /**
     * What is sent to one connection that comes back; where it missed more, it begins anew.
     *
     * @param events 0 for none at all
     * @param bytes less than what may wait for a client
     */
    public record Bounds(int events, int bytes) {}

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
        return connection
                .formerState()
                .filter(_ -> bounds.events() > 0)
                .flatMap(state -> seen(connection.user(), state)
                        .flatMap(seen -> store.missed(
                                        connection.user(), seen.horizon(), bounds.events(), bounds.bytes())
                                .map(missed -> new Return(state.pid(), seen, without(missed, seen)))));
    }

    private Missed without(Missed missed, Seen seen) {
        return new Missed(
                missed.until(),
                missed.changes().stream()
                        .filter(change -> !seen.includes(change))
                        .map(this::raised)
                        .toList());
    }

    private Change raised(Change change) {
        return change.event() instanceof MessageRead read
                ? new Change(fanout.raised(read), change.transaction())
                : change;
    }

    private static Optional<Seen> seen(UserId user, FormerState state) {
        if (state.pid().length() > MAX_PID_LENGTH) {
            return Optional.empty();
        }
        String[] parts = state.pid().split("\\.", 4);
        if (parts.length < 4 || !parts[1].equals(user(user))) {
            return Optional.empty();
        }
        @Nullable String offset = state.offset();
        return Seen.parse(parts[2], offset == null ? parts[3] : offset);
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
