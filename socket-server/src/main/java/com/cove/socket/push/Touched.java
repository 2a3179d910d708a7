package com.cove.socket.push;

import com.cove.db.history.Horizon;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The users here of whom it is not known yet whether all that was sent to them has arrived. Thread-safe; never blocks. */
final class Touched {
    private final Map<UserId, Span> open = new ConcurrentHashMap<>();
    /** Who connected, and when, until a look begins that sees all that was stored before. */
    private final Map<UserId, Long> newcomers = new ConcurrentHashMap<>();

    private volatile @Nullable Horizon last;

    /** Transactions: what they stored, from the first on and before the end, may not have arrived. */
    record Span(long first, long end) {
        static Span of(long transaction) {
            return new Span(transaction, transaction + 1);
        }

        Span and(Span other) {
            return new Span(Math.min(first, other.first), Math.max(end, other.end));
        }
    }

    /** Something is sent to the user. */
    void sent(UserId user, Span what) {
        open.merge(user, what, Span::and);
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
                sent(user, new Span(0, look.horizon().nextUnseen()));
            }
        });
        // Of a pair, not of a key: who came back meanwhile and was sent something stays.
        open.entrySet().removeIf(each -> !isHere.test(each.getKey()));
        return open.entrySet().stream()
                .filter(each -> each.getValue().first < look.horizon().oldestRunning())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Nothing is open any more of what transactions before this one changed. */
    void settled(UserId user, long below) {
        open.computeIfPresent(
                user, (_, span) -> span.end <= below ? null : new Span(Math.max(span.first, below), span.end));
    }
}
