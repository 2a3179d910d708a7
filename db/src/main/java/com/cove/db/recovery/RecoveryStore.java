package com.cove.db.recovery;

import com.cove.db.history.Horizon;
import com.cove.db.history.StoredEvent;
import com.cove.db.row.ThreadViews;
import com.cove.db.row.WireSize;
import com.cove.db.sql.SharedLook;
import com.cove.db.sql.Transactions;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.message.Message;
import com.cove.model.user.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** What somebody missed since they were last here. */
public final class RecoveryStore {
    /** Within a thread no time is before that of a lower seq. */
    private static final Comparator<StoredEvent<NewMessage>> IN_TIME = Comparator.comparing(
            (StoredEvent<NewMessage> news) -> news.event().message(),
            Comparator.comparing(Message::createdAt)
                    .thenComparing(message -> message.threadId().value())
                    .thenComparingLong(Message::seq));

    private static final Comparator<StoredEvent<?>> IN_ORDER_OF_TRANSACTIONS =
            Comparator.comparingLong(StoredEvent::transaction);

    /** What somebody has seen since the horizon that they name: a horizon is a second old at most when it is sent to them. */
    private static final int FEW = 20;

    private final Transactions transactions;
    private final Supplier<Horizon> horizon;

    public RecoveryStore(Transactions transactions) {
        this.transactions = transactions;
        this.horizon = SharedLook.of(() -> transactions.single(Horizon::of));
    }

    /** Where somebody stands who begins now; looked up once for all who begin together. */
    public Horizon horizon() {
        return horizon.get();
    }

    /**
     * All that was stored in the user's threads and that {@code since} does not see; whole or not at all. Where they have seen all of it,
     * or there is none, nothing.
     *
     * @param seen what of it they have seen all the same
     * @param limit of changes; empty where there are more
     * @param bytes of the wire; empty where they take more
     * @return empty also where {@code since} is of another history
     */
    public Optional<Missed> missed(UserId user, Horizon since, Predicate<Trace> seen, int limit, int bytes) {
        Horizon now = horizon();
        if (!since.precedes(now)) {
            return Optional.empty();
        }
        // Most who come back after a restart missed nothing. That takes no transaction: what this look does not find,
        // one before it did not.
        if (nothingBut(seen, user, since)) {
            return Optional.of(new Missed(now, List.of()));
        }
        return transactions.snapshot(handle -> {
            Horizon until = Horizon.of(handle);
            return since.precedes(until) ? read(handle, user, since, until, limit, bytes) : Optional.empty();
        });
    }

    private boolean nothingBut(Predicate<Trace> seen, UserId user, Horizon since) {
        List<Trace> traces = transactions.single(handle -> new RecoveryDao(handle)
                .traces(user.value(), Long.toString(since.oldestRunning()), since.snapshot(), FEW));
        return traces.size() < FEW && traces.stream().allMatch(seen);
    }

    private static RecoveryDao.Weight weigh(Handle handle, UserId user, Horizon since, int limit) {
        return new RecoveryDao(handle)
                .weigh(user.value(), Long.toString(since.oldestRunning()), since.snapshot(), limit);
    }

    /** Weighed first: whoever comes with an old horizon must not make us read all there is. */
    private static Optional<Missed> read(
            Handle handle, UserId user, Horizon since, Horizon until, int limit, int bytes) {
        RecoveryDao dao = new RecoveryDao(handle);
        String from = Long.toString(since.oldestRunning());
        RecoveryDao.Weight weight = weigh(handle, user, since, limit);
        if (weight.events() > limit || weight.bytes() > bytes) {
            return Optional.empty();
        }
        List<StoredEvent<?>> events = new ArrayList<>();
        ThreadViews.beginnings(handle, dao.created(user.value(), from, since.snapshot())).stream()
                .sorted(IN_ORDER_OF_TRANSACTIONS)
                .forEach(events::add);
        dao.messages(user.value(), from, since.snapshot()).stream()
                .sorted(IN_TIME)
                .forEach(events::add);
        dao.reads(user.value(), from, since.snapshot()).stream()
                .sorted(IN_ORDER_OF_TRANSACTIONS)
                .forEach(events::add);
        int size = events.stream().mapToInt(each -> WireSize.of(each.event())).sum();
        return size > bytes
                ? Optional.empty()
                : Optional.of(new Missed(
                        until, events.stream().map(StoredEvent::change).toList()));
    }
}
