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
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Messages: a thread is a sequence, 1, 2, 3 … without gaps. */
public final class MessageStore {
    private final Transactions transactions;
    private final Supplier<UUID> ids;
    private final KnownMembers members;

    /**
     * The store of one database, which reads who is in a thread for every message.
     *
     * @param ids makes the ids of new messages: UUIDv7, so that neighbours in time are neighbours in the index
     */
    public MessageStore(Transactions transactions, Supplier<UUID> ids) {
        this(transactions, ids, KnownMembers.NONE);
    }

    private MessageStore(Transactions transactions, Supplier<UUID> ids, KnownMembers members) {
        this.transactions = transactions;
        this.ids = ids;
        this.members = members;
    }

    /** The same, which reads who is in a thread only where that is not known, and has it known from then on. */
    public MessageStore knowing(KnownMembers members) {
        return new MessageStore(transactions, ids, members);
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
     * Stores messages together, those of a thread in the order given; otherwise as {@link #send} does each. One
     * that is refused keeps none of the others from being stored.
     *
     * @return a result for each, in the same order
     * @throws AppException {@code unavailable} where none could be stored, or nobody can know
     */
    public List<SendResult> sendAll(List<Send> sends) {
        SendOutcome[] fresh = storeNew(sends);
        List<Send> others = IntStream.range(0, fresh.length)
                .filter(i -> fresh[i] == null)
                .mapToObj(sends::get)
                .toList();
        if (others.size() == sends.size()) {
            return storeAll(others);
        }
        Iterator<SendResult> rest = storeBeside(others).iterator();
        return Arrays.stream(fresh)
                .map(outcome -> outcome == null ? rest.next() : new SendResult.Committed(outcome))
                .toList();
    }

    /**
     * Those that are new, in one statement and round trip instead of two and a transaction's. Null for each where it takes those to know what becomes
     * of it: repeats, and whose sender is not in the thread; for all where somebody else is storing what one of them repeats.
     */
    private @Nullable SendOutcome[] storeNew(List<Send> sends) {
        int[] firsts = firsts(sends);
        List<Send> given = Arrays.stream(firsts).mapToObj(sends::get).toList();
        Map<Integer, SendOutcome> byPlace = transactions
                .singleUnlessTaken(
                        MessageDao.UNIQUE_CLIENT_MESSAGE_ID,
                        handle -> Optional.of(new MessageDao(handle).sendNew(given, ids, members)))
                .orElse(Map.of());
        @Nullable SendOutcome[] stored = new SendOutcome[sends.size()];
        byPlace.forEach((place, outcome) -> stored[firsts[place - 1]] = outcome);
        return stored;
    }

    /** Where those are that repeat no earlier one. */
    private static int[] firsts(List<Send> sends) {
        Set<Attempt> attempts = new HashSet<>();
        return IntStream.range(0, sends.size())
                .filter(i -> sends.get(i).clientMessageId() == null || attempts.add(Attempt.of(sends.get(i))))
                .toArray();
    }

    /** Whose repetition is the same message. */
    private record Attempt(
            @Nullable UUID thread, UserId sender, @Nullable String clientMessageId) {
        static Attempt of(Send send) {
            return new Attempt(send.thread(), send.sender(), send.clientMessageId());
        }
    }

    /** Whatever becomes of these, others of the same call are stored. */
    private List<SendResult> storeBeside(List<Send> sends) {
        try {
            return sends.isEmpty() ? List.of() : storeAll(sends);
        } catch (RuntimeException e) {
            return sends.stream()
                    .<SendResult>map(_ -> new SendResult.Refused(e))
                    .toList();
        }
    }

    private List<SendResult> storeAll(List<Send> sends) {
        Map<Integer, SendOutcome> byPlace = transactions.run(handle -> {
            MessageDao dao = new MessageDao(handle);
            return dao.lock(sends).isEmpty() ? Map.of() : dao.send(sends, ids, members);
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
            List<Message> found = read(dao, thread, caller, request, limit + 1);
            if (found.isEmpty() && !dao.isMember(thread, caller.value())) {
                throw notFound();
            }
            return page(found, limit);
        });
    }

    private static List<Message> read(MessageDao dao, UUID thread, UserId caller, ListMessages request, int limit) {
        Long after = request.after();
        if (after != null) {
            return dao.after(thread, caller.value(), after, limit);
        }
        Long before = request.before();
        return dao.before(thread, caller.value(), before == null ? Long.MAX_VALUE : before, limit);
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
