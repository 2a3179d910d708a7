package com.cove.db.news;

import com.cove.db.history.Horizon;
import com.cove.db.history.StoredEvent;
import com.cove.db.row.ThreadViews;
import com.cove.db.sql.Transactions;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What was stored lately, whoever stored it. Whoever takes a {@link #horizon} and then reads everything behind an earlier one,
 * page by page, has missed nothing that the later one sees, in whatever order transactions committed; something may come again.
 */
public final class NewsStore {
    /** Rows of a page: one that has fewer is the last. */
    public static final int PAGE = 1_000;

    private static final UUID FIRST = new UUID(0, 0);

    private final Transactions transactions;

    public NewsStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** What the database sees now. */
    public Horizon horizon() {
        return transactions.single(Horizon::of);
    }

    /** A page of the messages behind a place, without their content. */
    public List<MessagePlace> messages(MessagePlace after) {
        return query(dao -> dao.messages(Long.toString(after.storedIn()), after.threadId(), after.seq(), PAGE));
    }

    /** Whether a message is where it was, stored by the same transaction. */
    public boolean has(MessagePlace message) {
        return query(dao -> dao.has(Long.toString(message.storedIn()), message.threadId(), message.seq()));
    }

    /** A page of the threads that were created behind a place. */
    public List<ThreadPlace> threads(ThreadPlace after) {
        return query(dao -> dao.threads(Long.toString(after.storedIn()), after.threadId(), PAGE));
    }

    /** The first page of what was read since a horizon. */
    public List<StoredEvent<MessageRead>> reads(Horizon since) {
        return query(dao -> dao.reads(Long.toString(since.oldestRunning()), FIRST, "", PAGE));
    }

    /** The page behind the last one of {@link #reads(Horizon)}. */
    public List<StoredEvent<MessageRead>> reads(StoredEvent<MessageRead> last) {
        MessageRead read = last.event();
        return query(dao -> dao.reads(
                Long.toString(last.transaction()),
                read.messageId().uuid().orElse(FIRST),
                read.userId().value(),
                PAGE));
    }

    /** The creations of these threads, each with everybody in it, in no order. */
    public List<Change> beginnings(Collection<ThreadId> threads) {
        return transactions.single(handle -> ThreadViews.beginnings(handle, uuids(threads))).stream()
                .map(StoredEvent::change)
                .toList();
    }

    /** Everybody in each of these threads. */
    public Map<ThreadId, List<UserId>> members(Collection<ThreadId> threads) {
        UUID[] ids = uuids(threads).toArray(UUID[]::new);
        return query(dao -> dao.members(ids));
    }

    /** The messages of a thread from one seq to another, both included, by seq; the first 1,000 of them. */
    public List<Change.Message> range(ThreadId thread, long firstSeq, long lastSeq) {
        return thread.uuid()
                .map(id -> query(dao -> dao.between(id, firstSeq - 1, lastSeq + 1, PAGE)).stream()
                        .map(stored -> Change.of(stored.event(), stored.transaction()))
                        .toList())
                .orElse(List.of());
    }

    /** The lowest seq of the thread's messages that a horizon does not see; those before it are all seen. */
    public Optional<Long> firstUnseen(ThreadId thread, Horizon horizon) {
        return thread.uuid()
                .flatMap(id ->
                        query(dao -> dao.firstUnseen(id, Long.toString(horizon.oldestRunning()), horizon.snapshot())));
    }

    private <T> T query(Function<NewsDao, T> query) {
        return transactions.single((Handle handle) -> query.apply(new NewsDao(handle)));
    }

    private static List<UUID> uuids(Collection<ThreadId> threads) {
        return threads.stream().flatMap(thread -> thread.uuid().stream()).toList();
    }
}
