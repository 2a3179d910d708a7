package com.cove.db.thread;

import com.cove.db.history.Position;
import com.cove.db.row.ThreadListing;
import com.cove.db.row.ThreadViews;
import com.cove.db.row.WireSize;
import com.cove.db.sql.Transactions;
import com.cove.model.error.AppException;
import com.cove.model.error.FieldError;
import com.cove.model.sync.Cursor;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadPage;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Threads and who is in them. */
public final class ThreadStore {
    private final Transactions transactions;
    private final Supplier<UUID> ids;

    /**
     * The store of one database.
     *
     * @param ids makes the ids of new threads: UUIDv7, so that neighbours in time are neighbours in the index
     */
    public ThreadStore(Transactions transactions, Supplier<UUID> ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    /**
     * Creates a thread of the caller and the participants. Two people without a title have one direct thread for ever:
     * it is found where it exists, also when both create it at the same moment.
     *
     * @throws AppException {@code invalid_request} for too few or too many members, and for unknown ones, each named
     */
    public CreateOutcome create(UserId caller, CreateThread request) {
        List<UserId> members = Stream.concat(Stream.of(caller), request.participantIds().stream())
                .distinct()
                .toList();
        if (members.size() < 2 || members.size() > CreateThread.MAX_MEMBERS) {
            throw AppException.invalid(
                    "participantIds", "must make 2 to " + CreateThread.MAX_MEMBERS + " members with the caller");
        }
        return transactions.run(handle -> {
            ThreadDao dao = new ThreadDao(handle);
            requireKnown(dao, members);
            return members.size() == 2 && request.title() == null
                    ? direct(handle, dao, caller, members)
                    : group(handle, dao, caller, members, request.title());
        });
    }

    /**
     * A page of the caller's threads, newest activity first, in one statement; fewer than the limit where they are long. The
     * cursor is as old as the first page of the listing, so that whatever changes while somebody leafs through it comes with
     * sync.
     */
    public ThreadPage list(UserId caller, ListThreads request) {
        int limit = Objects.requireNonNull(request.limit());
        Optional<PageToken> token = Optional.ofNullable(request.page()).map(PageToken::of);
        ListPlace after = token.map(PageToken::last).orElse(ListPlace.TOP);
        ThreadListing found = transactions.single(
                handle -> ThreadViews.after(handle, caller, after.updatedAt(), after.id(), limit + 1));
        Cursor cursor = token.map(PageToken::cursor)
                .orElseGet(() -> Position.at(found.horizon()).cursor());
        List<ChatThread> page =
                WireSize.threads(found.threads().stream().limit(limit).toList(), WireSize.LAMBDA_PAGE);
        String nextPage = found.threads().size() > page.size()
                ? new PageToken(ListPlace.of(page.getLast()), cursor).text()
                : null;
        return new ThreadPage(page, nextPage, cursor);
    }

    /** Everybody in the thread, the caller included; {@code not_found} where the caller is not in it. */
    public List<UserId> members(UserId caller, ThreadId thread) {
        UUID id = thread.uuid().orElseThrow(ThreadStore::notFound);
        List<UserId> members = transactions.single(handle -> new ThreadDao(handle)
                .members(id, caller.value()).stream().map(UserId::new).toList());
        if (members.isEmpty()) {
            throw notFound();
        }
        return members;
    }

    /** No pushes to the caller before a time; null, or a time that has passed, unmutes. */
    public ChatThread mute(UserId caller, MuteThread request) {
        UUID id = request.threadId().uuid().orElseThrow(ThreadStore::notFound);
        return transactions.run(handle -> {
            ThreadDao dao = new ThreadDao(handle);
            if (dao.mute(id, caller.value(), request.until()) > 0) {
                dao.noteChange();
            }
            return view(handle, caller, id);
        });
    }

    private static void requireKnown(ThreadDao dao, List<UserId> members) {
        List<FieldError> errors = dao.unknown(texts(members)).stream()
                .map(id -> new FieldError("participantIds." + id, "is not known"))
                .toList();
        if (!errors.isEmpty()) {
            throw AppException.invalid(errors);
        }
    }

    private CreateOutcome direct(Handle handle, ThreadDao dao, UserId caller, List<UserId> members) {
        String other = members.get(1).value();
        Optional<UUID> existing = dao.direct(caller.value(), other);
        if (existing.isPresent()) {
            return CreateOutcome.existing(view(handle, caller, existing.get()));
        }
        Optional<UUID> created = dao.insertDirect(ids.get(), caller.value(), other);
        if (created.isPresent()) {
            dao.insertMembers(created.get(), texts(members));
            return new CreateOutcome(view(handle, caller, created.get()), true, dao.transaction());
        }
        // The other one was faster: the insert waited for their commit, so a new statement sees thread and members.
        UUID theirs = dao.direct(caller.value(), other).orElseThrow();
        return CreateOutcome.existing(view(handle, caller, theirs));
    }

    private CreateOutcome group(
            Handle handle, ThreadDao dao, UserId caller, List<UserId> members, @Nullable String title) {
        UUID id = ids.get();
        dao.insertGroup(id, title, caller.value());
        dao.insertMembers(id, texts(members));
        return new CreateOutcome(view(handle, caller, id), true, dao.transaction());
    }

    private static ChatThread view(Handle handle, UserId viewer, UUID id) {
        return ThreadViews.read(handle, viewer, List.of(id)).stream()
                .findFirst()
                .orElseThrow(ThreadStore::notFound);
    }

    private static String[] texts(List<UserId> users) {
        return users.stream().map(UserId::value).toArray(String[]::new);
    }

    private static AppException notFound() {
        return AppException.notFound("Thread");
    }
}
