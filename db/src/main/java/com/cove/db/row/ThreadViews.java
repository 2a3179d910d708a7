package com.cove.db.row;

import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Threads as their members see them, in two queries however many they are. */
public final class ThreadViews {
    private ThreadViews() {}

    /** The threads of these ids, in the same order; one that the viewer is no member of is left out. */
    public static List<ChatThread> read(Handle handle, UserId viewer, List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        ThreadViewDao dao = new ThreadViewDao(handle);
        UUID[] wanted = ids.toArray(UUID[]::new);
        Map<ThreadId, ChatThread> threads = dao.threads(viewer.value(), wanted).stream()
                .collect(Collectors.toMap(ChatThread::id, Function.identity()));
        Map<ThreadId, List<Participant>> participants = participants(dao, wanted);
        return ids.stream()
                .map(id -> threads.get(ThreadId.of(id)))
                .filter(Objects::nonNull)
                .map(thread -> with(thread, participants.getOrDefault(thread.id(), List.of())))
                .toList();
    }

    /** The creations of these threads, in no order: each thread as its members were told of it. */
    public static List<StoredEvent<ThreadCreated>> beginnings(Handle handle, List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        ThreadViewDao dao = new ThreadViewDao(handle);
        UUID[] wanted = ids.toArray(UUID[]::new);
        Map<ThreadId, List<Participant>> participants = participants(dao, wanted);
        return dao.beginnings(wanted).stream()
                .map(beginning -> {
                    ChatThread thread = beginning.event().thread();
                    List<Participant> members = participants.getOrDefault(thread.id(), List.of()).stream()
                            .map(ThreadViews::atFirst)
                            .toList();
                    return new StoredEvent<>(new ThreadCreated(with(thread, members)), beginning.transaction());
                })
                .toList();
    }

    private static Participant atFirst(Participant member) {
        return new Participant(member.id(), member.name(), member.imageUrl(), member.role(), 0, null);
    }

    private static Map<ThreadId, List<Participant>> participants(ThreadViewDao dao, UUID[] threads) {
        return dao.members(threads).stream()
                .collect(Collectors.groupingBy(
                        MemberRow::threadId, Collectors.mapping(MemberRow::participant, Collectors.toList())));
    }

    private static ChatThread with(ChatThread thread, List<Participant> participants) {
        return new ChatThread(
                thread.id(),
                thread.kind(),
                thread.title(),
                participants,
                thread.lastMessage(),
                thread.lastSeq(),
                thread.unreadCount(),
                thread.mutedUntil(),
                thread.createdAt(),
                thread.updatedAt());
    }
}
