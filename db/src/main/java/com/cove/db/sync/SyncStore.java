package com.cove.db.sync;

import com.cove.db.history.Horizon;
import com.cove.db.history.Position;
import com.cove.db.row.ThreadViews;
import com.cove.db.row.WireSize;
import com.cove.db.sql.Transactions;
import com.cove.model.message.Message;
import com.cove.model.sync.Sync;
import com.cove.model.sync.SyncPage;
import com.cove.model.thread.ChatThread;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What changed for somebody since a cursor. */
public final class SyncStore {
    /** Of the wire, whatever the limit of rows: a client that reads slowly has several answers under way. */
    private static final int MAX_BYTES = 512 * 1024;

    private final Transactions transactions;

    public SyncStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A page of everything of the caller's that changed: first the threads, then the messages, {@code limit} of both
     * together, and fewer where they are long. Something may come twice, nothing is left out (see {@link Horizon}). A cursor of another history, or no
     * cursor at all, answers {@code reset}.
     */
    public SyncPage changes(UserId caller, Sync request) {
        int limit = Objects.requireNonNull(request.limit());
        return transactions.snapshot(handle -> {
            Horizon horizon = Horizon.of(handle);
            return Position.of(request.cursor())
                    .filter(position -> position.belongsTo(horizon))
                    .map(position -> page(handle, caller, position.begun(horizon), horizon, limit))
                    .orElseGet(() -> reset(horizon));
        });
    }

    private static SyncPage reset(Horizon horizon) {
        return new SyncPage(true, List.of(), List.of(), Position.at(horizon).cursor(), false);
    }

    private static SyncPage page(Handle handle, UserId caller, Position from, Horizon horizon, int limit) {
        return switch (from.phase()) {
            case NEW, THREADS -> threads(handle, caller, from, horizon, limit);
            case MESSAGES -> messages(handle, caller, from, horizon, limit, List.of());
        };
    }

    private static SyncPage threads(Handle handle, UserId caller, Position from, Horizon horizon, int limit) {
        List<UUID> ids = new SyncDao(handle)
                .changedThreads(caller.value(), Long.toString(from.since()), from.thread(), limit + 1);
        List<ChatThread> threads = WireSize.threads(
                ThreadViews.read(handle, caller, ids.stream().limit(limit).toList()), MAX_BYTES);
        return ids.size() > threads.size()
                ? new SyncPage(
                        false,
                        threads,
                        List.of(),
                        from.afterThread(ids.get(threads.size() - 1)).cursor(),
                        true)
                : messages(handle, caller, from.afterThreads(), horizon, limit - ids.size(), threads);
    }

    /**
     * @param limit what the threads left of the page, possibly nothing: then this only finds out whether there is more
     * @return with {@code hasMore} also where a catching-up of several pages ends and something changed since it began: who was
     *     away between two of them, and goes on from the cursor of the first, is not caught up with its end
     */
    private static SyncPage messages(
            Handle handle, UserId caller, Position from, Horizon horizon, int limit, List<ChatThread> threads) {
        List<Message> found = new SyncDao(handle)
                .changedMessages(caller.value(), Long.toString(from.since()), from.thread(), from.seq(), limit + 1);
        List<Message> page = WireSize.messages(found.stream().limit(limit).toList(), MAX_BYTES - WireSize.of(threads));
        return found.size() > page.size()
                ? new SyncPage(false, threads, page, after(page, from).cursor(), true)
                : new SyncPage(false, threads, page, from.done().cursor(), from.next() < horizon.oldestRunning());
    }

    private static Position after(List<Message> page, Position from) {
        if (page.isEmpty()) {
            return from;
        }
        Message last = page.getLast();
        return from.afterMessage(last.threadId().uuid().orElseThrow(), last.seq());
    }
}
