package com.cove.db.sync;

import com.cove.db.row.MessageMapper;
import com.cove.db.sql.FirstColumn;
import com.cove.model.message.Message;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

record SyncDao(Handle handle) {
    private static final String CHANGED_THREADS = """
            SELECT own.thread_id
            FROM thread_member own
            JOIN thread ON thread.id = own.thread_id
            WHERE own.user_id = :caller AND own.thread_id > :after
              AND (thread.changed >= CAST(:since AS xid8)
                   OR (SELECT member.changed FROM thread_member member WHERE member.thread_id = own.thread_id
                       ORDER BY member.changed DESC LIMIT 1) >= CAST(:since AS xid8))
            ORDER BY own.thread_id
            LIMIT :limit
            """;

    /**
     * The caller's threads that changed, or of whose members one changed (reading, muting, joining), by id. The newest
     * change of a thread's members is one step into the index: an EXISTS might become a scan of all members.
     */
    List<UUID> changedThreads(String caller, String since, UUID after, int limit) {
        return handle.createQuery(CHANGED_THREADS)
                .bind("caller", caller)
                .bind("since", since)
                .bind("after", after)
                .bind("limit", limit)
                .map(FirstColumn.ID)
                .list();
    }

    private static final String CHANGED_MESSAGES = """
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url
            FROM thread_member own
            JOIN thread ON thread.id = own.thread_id
            CROSS JOIN LATERAL (
                SELECT CASE WHEN own.thread_id = :thread THEN :seq ELSE (
                    WITH news AS MATERIALIZED (
                        SELECT message.seq FROM message
                        WHERE message.thread_id = own.thread_id AND message.changed >= CAST(:since AS xid8))
                    SELECT min(news.seq) - 1 FROM news) END AS seq
            ) place
            CROSS JOIN LATERAL (
                SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
                       message.client_message_id, message.created_at
                FROM message
                WHERE message.thread_id = own.thread_id AND message.seq > place.seq
                  AND message.changed >= CAST(:since AS xid8)
                ORDER BY message.seq
                LIMIT :limit
            ) message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE own.user_id = :caller AND own.thread_id >= :thread AND thread.changed >= CAST(:since AS xid8)
            ORDER BY own.thread_id, message.seq
            LIMIT :limit
            """;

    /**
     * Changed messages of the caller's threads, by thread and seq, after the given place.
     *
     * <p>Why {@code thread.changed} may leave threads out: it is at least the {@code changed} of each of the thread's
     * messages ({@code MessageDao.send} sees to it, under the thread's lock), so a thread below {@code since} has no
     * message at or above it. Within a thread seq and {@code changed} do not grow together (a transaction given its id
     * early may take the lock late), so a thread is entered at its first changed seq, found in the index of changes,
     * and read on by seq with the same condition. MATERIALIZED keeps the planner from looking for that first seq by
     * walking the whole thread from 1.
     */
    List<Message> changedMessages(String caller, String since, UUID thread, long seq, int limit) {
        return handle.createQuery(CHANGED_MESSAGES)
                .bind("caller", caller)
                .bind("since", since)
                .bind("thread", thread)
                .bind("seq", seq)
                .bind("limit", limit)
                .map(new MessageMapper())
                .list();
    }
}
