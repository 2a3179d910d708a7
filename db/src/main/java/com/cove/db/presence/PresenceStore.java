package com.cove.db.presence;

import com.cove.db.history.Horizon;
import com.cove.db.sql.Transactions;
import com.cove.model.presence.PresenceUpdated;
import com.cove.model.presence.UpdatePresence;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the database knows of presence: whom it concerns, who hides it, and when people were last here. */
public final class PresenceStore {
    /** Of somebody with more contacts, some are not told: who knows everybody is nobody's news. */
    public static final int MAX_CONTACTS = 5_000;

    private final Transactions transactions;

    public PresenceStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Of each of these people, whom their presence concerns; of strangers nothing. */
    public Map<UserId, Circle> circles(Collection<UserId> users) {
        return transactions.single(handle -> new PresenceDao(handle)
                .circles(ids(users), MAX_CONTACTS).stream()
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Those of these people whom nobody may see. */
    public Set<UserId> hidden(Collection<UserId> users) {
        return transactions.single(handle -> new PresenceDao(handle)
                .hidden(ids(users)).stream().map(UserId::new).collect(Collectors.toUnmodifiableSet()));
    }

    /** Hides or shows somebody. */
    public PresenceUpdated update(UserId user, UpdatePresence request) {
        transactions.single(handle -> new PresenceDao(handle).hide(user.value(), !request.visible()));
        return new PresenceUpdated(request.visible());
    }

    /**
     * Who hid or showed themselves.
     *
     * @param hidden of each whether they hide now; some may be of before
     * @param until where to ask on from
     */
    public record Changes(Map<UserId, Boolean> hidden, Horizon until) {}

    /**
     * What changed since a horizon, in whatever order transactions committed; without one, where to ask on from. What is committed
     * while it looks may come again.
     */
    public Changes since(Optional<Horizon> before) {
        return transactions.single(handle -> {
            // First, and the rows by a later statement: they are all that it sees, and perhaps more.
            Horizon now = Horizon.of(handle);
            // Another history has other ids: of a restored database all of them may be changes.
            List<Map.Entry<UserId, Boolean>> changed = before.map(horizon -> new PresenceDao(handle)
                            .changed(Long.toString(horizon.epoch().equals(now.epoch()) ? horizon.oldestRunning() : 0)))
                    .orElse(List.of());
            return new Changes(
                    changed.stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)),
                    now);
        });
    }

    /** Records when people were last here; an earlier time than the one known changes nothing, and who hides is not seen. */
    public void seen(Map<UserId, Instant> times) {
        List<Map.Entry<UserId, Instant>> ordered = times.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(UserId::value)))
                .toList();
        transactions.single(handle -> {
            new PresenceDao(handle)
                    .seen(
                            ids(ordered.stream().map(Map.Entry::getKey).toList()),
                            ordered.stream()
                                    .map(entry -> entry.getValue().toString())
                                    .toArray(String[]::new));
            return true;
        });
    }

    /** The latest time given to {@link #seen}. */
    public Optional<Instant> lastSeen(UserId user) {
        return transactions.single(handle -> new PresenceDao(handle).lastSeen(user.value()));
    }

    private static String[] ids(Collection<UserId> users) {
        return users.stream().map(UserId::value).toArray(String[]::new);
    }
}
