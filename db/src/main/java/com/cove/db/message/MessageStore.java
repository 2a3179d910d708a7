package com.cove.db.message;

import com.cove.db.history.Horizon;
import com.cove.db.row.WireSize;
import com.cove.db.sql.Transactions;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.ListMessages;
import com.cove.model.message.Message;
import com.cove.model.message.MessagePage;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Messages: a thread is a sequence, 1, 2, 3 … without gaps. */
public final class MessageStore {
    private static final int MAX_RANGE = 1_000;
    private static final int NEWS_PAGE = 1_000;

    private final Transactions transactions;
    private final Supplier<UUID> ids;

    /**
     * The store of one database.
     *
     * @param ids makes the ids of new messages: UUIDv7, so that neighbours in time are neighbours in the index
     */
    public MessageStore(Transactions transactions, Supplier<UUID> ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    /**
     * Stores a message as the next of its thread, once: a repeated {@code clientMessageId} answers the message stored
     * first. When this returns, the message is committed. Senders of one thread take turns, those of others do not wait.
     *
     * @throws AppException {@code not_found} where the sender is not in the thread, {@code conflict} where the
     *     {@code clientMessageId} was used for another content
     */
    public SendOutcome send(UserId sender, SendMessage request) {
        return sendAll(List.of(new Send(sender, request))).getFirst().outcomeOrThrow();
    }

    /**
     * Stores messages in one transaction, those of a thread in the order given; otherwise as {@link #send} does each. One
     * that is refused keeps none of the others from being stored.
     *
     * @return a result for each, in the same order
     * @throws AppException {@code unavailable} where none could be stored, or nobody can know
     */
    public List<SendResult> sendAll(List<Send> sends) {
        Map<Integer, SendOutcome> byPlace = transactions.run(handle -> {
            MessageDao dao = handle.attach(MessageDao.class);
            return dao.lock(sends).isEmpty() ? Map.of() : dao.send(sends, ids);
        });
        return IntStream.range(0, sends.size())
                .mapToObj(i -> result(sends.get(i), byPlace.get(i + 1)))
                .toList();
    }

    private static SendResult result(Send send, @Nullable SendOutcome outcome) {
        if (outcome == null) {
            return new SendResult.Refused(notFound());
        }
        return outcome.message().content().equals(send.request().content())
                ? new SendResult.Committed(outcome)
                : new SendResult.Refused(
                        new AppException(ErrorCode.CONFLICT, "This clientMessageId was used for another content"));
    }

    /**
     * A page of a thread: newest first with {@code before} or neither, oldest first with {@code after}. It has fewer
     * messages than the limit where they are long.
     */
    public MessagePage page(UserId caller, ListMessages request) {
        UUID thread = request.threadId().uuid().orElseThrow(MessageStore::notFound);
        int limit = Objects.requireNonNull(request.limit());
        return transactions.single(handle -> {
            MessageDao dao = handle.attach(MessageDao.class);
            if (!dao.isMember(thread, caller.value())) {
                throw notFound();
            }
            return page(read(dao, thread, request, limit + 1), limit);
        });
    }

    /**
     * The messages from one seq to another, both included, oldest first, the first 1,000 of them. Asks nobody's
     * permission: for the fan-out, which knows the members.
     */
    public List<Message> range(ThreadId thread, long firstSeq, long lastSeq) {
        // Without gaps: as many messages as there are numbers.
        int count = Math.clamp(lastSeq - firstSeq + 1, 0, MAX_RANGE);
        return thread.uuid()
                .map(id -> transactions.single(
                        handle -> handle.attach(MessageDao.class).after(id, firstSeq - 1, count)))
                .orElse(List.of());
    }

    /** Everybody in each of these threads. Asks nobody's permission: for the fan-out. */
    public Map<ThreadId, List<UserId>> members(Collection<ThreadId> threads) {
        UUID[] ids = threads.stream().flatMap(thread -> thread.uuid().stream()).toArray(UUID[]::new);
        return transactions.single(handle -> handle.attach(MessageDao.class).members(ids));
    }

    /** The time by the clock that messages are dated with. */
    public Instant now() {
        return transactions
                .single(handle -> handle.attach(MessageDao.class).now())
                .toInstant();
    }

    /**
     * The threads in which messages were stored since an earlier look, whoever stored them, a page of 1,000 messages; in the
     * order of commits nothing is missed, and something may come again.
     *
     * @param since the horizon of that look; null for the first, which finds nothing
     */
    public News news(@Nullable Horizon since) {
        return transactions.snapshot(handle -> {
            Horizon horizon = Horizon.of(handle);
            boolean sameHistory = since == null || since.epoch().equals(horizon.epoch());
            return since == null || !sameHistory
                    ? new News(horizon, sameHistory, List.of(), null)
                    : news(handle, horizon, News.Place.before(since));
        });
    }

    /**
     * The page after one that has a {@code next}. It sees more than the first page did; what it may miss was still
     * running then, so that it is at or above the first page's horizon.
     */
    public News more(News page) {
        News.Place place = Objects.requireNonNull(page.next());
        return transactions.single(handle -> news(handle, page.horizon(), place));
    }

    private static News news(Handle handle, Horizon horizon, News.Place after) {
        return News.page(horizon, handle.attach(MessageDao.class).stored(after, NEWS_PAGE), NEWS_PAGE);
    }

    private static List<Message> read(MessageDao dao, UUID thread, ListMessages request, int limit) {
        Long after = request.after();
        if (after != null) {
            return dao.after(thread, after, limit);
        }
        Long before = request.before();
        return dao.before(thread, before == null ? Long.MAX_VALUE : before, limit);
    }

    /** @param found one more than the limit where there is more to come */
    private static MessagePage page(List<Message> found, int limit) {
        List<Message> page = WireSize.messages(found.stream().limit(limit).toList(), WireSize.LAMBDA_PAGE);
        return page.size() == found.size()
                ? new MessagePage(page, null, false)
                : new MessagePage(page, page.getLast().seq(), true);
    }

    private static AppException notFound() {
        return AppException.notFound("Thread");
    }
}
