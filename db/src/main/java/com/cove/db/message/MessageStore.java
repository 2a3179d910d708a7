package com.cove.db.message;

import com.cove.db.row.WireSize;
import com.cove.db.sql.Transactions;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.ListMessages;
import com.cove.model.message.Message;
import com.cove.model.message.MessagePage;
import com.cove.model.message.SendMessage;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Messages: a thread is a sequence, 1, 2, 3 … without gaps. */
public final class MessageStore {
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
        Optional<SendOutcome> stored = sends.size() == 1 ? storeOne(sends.getFirst()) : Optional.empty();
        return stored.<List<SendResult>>map(outcome -> List.of(new SendResult.Committed(outcome)))
                .orElseGet(() -> storeAll(sends));
    }

    /** In one statement and round trip instead of two and a transaction's; empty where it takes those to know what becomes of it. */
    private Optional<SendOutcome> storeOne(Send send) {
        UUID thread = send.thread();
        return thread == null
                ? Optional.empty()
                : transactions.singleUnlessTaken(
                        MessageDao.UNIQUE_CLIENT_MESSAGE_ID,
                        handle -> new MessageDao(handle).sendOne(ids.get(), thread, send));
    }

    private List<SendResult> storeAll(List<Send> sends) {
        Map<Integer, SendOutcome> byPlace = transactions.run(handle -> {
            MessageDao dao = new MessageDao(handle);
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
            MessageDao dao = new MessageDao(handle);
            if (!dao.isMember(thread, caller.value())) {
                throw notFound();
            }
            return page(read(dao, thread, request, limit + 1), limit);
        });
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
