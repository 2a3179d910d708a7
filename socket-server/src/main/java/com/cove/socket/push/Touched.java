package com.cove.socket.push;

import com.cove.db.history.Horizon;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The users here of whom it is not known yet whether all that was sent to them has arrived. Thread-safe; never blocks. */
final class Touched {
    private final Map<UserId, Span> open = new ConcurrentHashMap<>();
    /** Who connected, and when, until a look begins that sees all that was stored before. */
    private final Map<UserId, Long> newcomers = new ConcurrentHashMap<>();

    private volatile @Nullable Horizon last;

    /**
     * Transactions: what they stored, from the first on and before the end, may not have arrived. Changed only by what the map runs
     * alone for a user, as every delivery comes by here and a new one would be an object for each.
     */
    private static final class Span {
        private volatile long first;
        private long end;

        Span(long first, long end) {
            this.first = first;
            this.end = end;
        }

        Span and(long otherFirst, long otherEnd) {
            if (otherFirst < first) {
                first = otherFirst;
            }
            end = Math.max(end, otherEnd);
            return this;
        }

        /** Null where all before this transaction is all. */
        @Nullable Span from(long below) {
            first = Math.max(first, below);
            return end <= below ? null : this;
        }
    }

    /** Something that the transaction stored is sent to those of the users who are here. */
    void sent(List<UserId> users, Predicate<UserId> isHere, long transaction) {
        BiFunction<UserId, @Nullable Span, Span> one = adding(transaction, transaction + 1);
        for (UserId user : users) {
            if (isHere.test(user)) {
                open.compute(user, one);
            }
        }
    }

    private static BiFunction<UserId, @Nullable Span, Span> adding(long first, long end) {
        return (_, span) -> span == null ? new Span(first, end) : span.and(first, end);
    }

    /** The user connected just now: what was stored before may be new to them. */
    void connected(UserId user) {
        newcomers.put(user, System.nanoTime());
    }

    /**
     * Another look has ended. Where it is of another history, the ids of transactions say nothing any more, and everybody counts as
     * having connected now. Called before the next look begins.
     */
    void looked(Horizon horizon) {
        Horizon before = last;
        last = horizon;
        if (before == null || !before.precedes(horizon)) {
            open.forEach((user, _) -> {
                connected(user);
                open.remove(user);
            });
        }
    }

    /**
     * Those whose answer now would say something new: something was sent to them that the look saw. Forgets who is not here any
     * more.
     */
    List<UserId> after(Look look, Predicate<UserId> isHere) {
        newcomers.forEach((user, since) -> {
            if (look.began() - since > 0 && newcomers.remove(user, since)) {
                open.compute(user, adding(0, look.horizon().nextUnseen()));
            }
        });
        // Asked alone for the user: who came back meanwhile and was sent something stays.
        open.keySet().forEach(user -> open.computeIfPresent(user, (_, span) -> isHere.test(user) ? span : null));
        return open.entrySet().stream()
                .filter(each -> each.getValue().first < look.horizon().oldestRunning())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Nothing is open any more of what transactions before this one changed. */
    void settled(UserId user, long below) {
        open.computeIfPresent(user, (_, span) -> span.from(below));
    }
}
