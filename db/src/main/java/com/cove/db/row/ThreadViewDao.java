package com.cove.db.row;

import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.thread.ChatThread;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

record ThreadViewDao(Handle handle) {
    private static final String THREADS = """
            SELECT thread.id AS thread_id, thread.kind, thread.title, thread.last_seq, thread.created_at, thread.updated_at,
                   thread.last_seq - own.last_read_seq AS unread_count,
                   CASE WHEN own.muted_until > clock_timestamp() THEN own.muted_until END AS muted_until,
                   message.id AS message_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url
            FROM thread
            JOIN thread_member own ON own.thread_id = thread.id AND own.user_id = :viewer
            LEFT JOIN message ON message.thread_id = thread.id AND message.seq = thread.last_seq
            LEFT JOIN app_user sender ON sender.id = message.sender_id
            WHERE thread.id = ANY (:ids)
            """;

    /** The threads among {@code ids} that the viewer is a member of, in no order, without their participants. */
    List<ChatThread> threads(String viewer, UUID[] ids) {
        return handle.createQuery(THREADS)
                .bind("viewer", viewer)
                .bind("ids", ids)
                .map(new ThreadMapper())
                .list();
    }

    private static final String BEGINNINGS = """
            SELECT id AS thread_id, kind, title, created_at, CAST(CAST(created_in AS text) AS bigint) AS stored_in
            FROM thread
            WHERE id = ANY (:ids)
            """;

    /** The threads of these ids as they began, in no order, without their participants. */
    List<StoredEvent<ThreadCreated>> beginnings(UUID[] ids) {
        return handle.createQuery(BEGINNINGS)
                .bind("ids", ids)
                .map(new BeginningMapper())
                .list();
    }

    private static final String MEMBERS = """
            SELECT member.thread_id, member.user_id, person.name, person.image_url, member.role,
                   member.last_read_seq, member.last_read_at
            FROM thread_member member
            JOIN app_user person ON person.id = member.user_id
            WHERE member.thread_id = ANY (:ids)
            ORDER BY member.thread_id, member.joined_at, member.user_id
            """;

    /** Everybody in these threads: by thread, in order of joining. */
    List<MemberRow> members(UUID[] ids) {
        return handle.createQuery(MEMBERS)
                .bind("ids", ids)
                .map(new MemberRow.Mapper())
                .list();
    }
}
