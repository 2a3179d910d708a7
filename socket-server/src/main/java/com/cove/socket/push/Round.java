package com.cove.socket.push;

import com.cove.model.user.UserId;
import com.cove.socket.transport.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/** After a look: who is to be asked whether all of it has arrived, and who has not answered. Of one thread. */
final class Round {
    private final long below;
    /** Of whom it is not known yet whether it matters. */
    private final Queue<UserId> candidates;

    private final Set<UserId> silent = new HashSet<>();
    /** Connections that could not be asked yet. */
    private final Set<Connection> unasked = new HashSet<>();

    private long askedAt = System.nanoTime();

    Round(long below, Collection<UserId> candidates) {
        this.below = below;
        this.candidates = new ArrayDeque<>(candidates);
    }

    /** Everything changed by transactions before this one is seen by the look. */
    long below() {
        return below;
    }

    /** Some of the candidates; they stay candidates until they were {@linkplain #decided decided} about. */
    List<UserId> some(int limit) {
        return candidates.stream().limit(limit).toList();
    }

    /** The first so many candidates are none any more. */
    void decided(int count) {
        for (int i = 0; i < count; i++) {
            candidates.remove();
        }
        askedAt = System.nanoTime();
    }

    /** A user is to be asked, on each of these connections. */
    void awaits(UserId user, Collection<Connection> connections) {
        silent.add(user);
        unasked.addAll(connections);
    }

    /** Asks where nobody was asked yet. */
    void ask(Predicate<Connection> question) {
        unasked.removeIf(question);
    }

    void answered(UserId user) {
        silent.remove(user);
    }

    /** Everybody was looked at who is to be asked. */
    boolean isAsked() {
        return candidates.isEmpty();
    }

    /** Nobody is waited for any more: all have answered, or had the time to. */
    boolean isOver(Duration patience) {
        return isAsked() && (silent.isEmpty() || System.nanoTime() - askedAt >= patience.toNanos());
    }
}
