package com.cove.db.message;

import com.cove.db.row.MessageMapper;
import com.cove.model.message.Message;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterRowMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

@RegisterRowMapper(MessageMapper.class)
interface MessageDao {
    /**
     * Takes the lock under which the thread's sequence grows, if the sender is a member. NO KEY: the foreign keys of
     * new members and messages only share the key, and do not wait.
     */
    @SqlQuery("""
            SELECT thread.id
            FROM thread
            JOIN thread_member own ON own.thread_id = thread.id AND own.user_id = :sender
            WHERE thread.id = :thread
            FOR NO KEY UPDATE OF thread
            """)
    Optional<UUID> lock(UUID thread, String sender);

    /**
     * Stores the message as the thread's next one, moves the thread on and marks it read for the sender; or, where the
     * sender's client_message_id is there already, changes nothing and answers that message. Needs {@link #lock} in a
     * statement before it: only then does this statement's snapshot hold every message of the thread.
     *
     * <p>A thread's {@code changed} never falls behind that of its messages (a transaction that was given its id early
     * may take the lock late), and its {@code updated_at} never goes back with the clock.
     */
    @SqlQuery("""
            WITH given AS (
                SELECT CAST(:id AS uuid) AS id, CAST(:thread AS uuid) AS thread_id, CAST(:sender AS text) AS sender_id,
                       CAST(:content AS text) AS content, CAST(:clientMessageId AS text) AS client_message_id
            ), known AS (
                SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
                       message.client_message_id, message.created_at
                FROM given
                JOIN message USING (thread_id, sender_id, client_message_id)
            ), advanced AS (
                UPDATE thread
                SET last_seq = last_seq + 1,
                    updated_at = greatest(updated_at, date_trunc('milliseconds', clock_timestamp())),
                    changed = greatest(changed, pg_current_xact_id())
                FROM given
                WHERE thread.id = given.thread_id AND NOT EXISTS (SELECT 1 FROM known)
                RETURNING thread.id, thread.last_seq, thread.updated_at
            ), stored AS (
                INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at)
                SELECT given.id, advanced.id, advanced.last_seq, given.sender_id, given.content,
                       given.client_message_id, advanced.updated_at
                FROM given
                JOIN advanced ON advanced.id = given.thread_id
                RETURNING id, thread_id, seq, sender_id, content, client_message_id, created_at
            ), reading AS (
                UPDATE thread_member
                SET last_read_seq = stored.seq, last_read_at = stored.created_at, changed = pg_current_xact_id()
                FROM stored
                WHERE thread_member.thread_id = stored.thread_id AND thread_member.user_id = stored.sender_id
            ), outcome AS (
                SELECT true AS is_new, id, thread_id, seq, sender_id, content, client_message_id, created_at FROM stored
                UNION ALL
                SELECT false, id, thread_id, seq, sender_id, content, client_message_id, created_at FROM known
            )
            SELECT outcome.is_new, outcome.id AS message_id, outcome.thread_id, outcome.seq, outcome.sender_id,
                   outcome.content, outcome.client_message_id, outcome.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url,
                   ARRAY(SELECT member.user_id FROM thread_member member
                         WHERE member.thread_id = outcome.thread_id ORDER BY member.user_id) AS member_ids
            FROM outcome
            JOIN app_user sender ON sender.id = outcome.sender_id
            """)
    @RegisterRowMapper(SendOutcomeMapper.class)
    SendOutcome send(UUID id, UUID thread, String sender, String content, @Nullable String clientMessageId);

    @SqlQuery("SELECT EXISTS (SELECT 1 FROM thread_member WHERE thread_id = :thread AND user_id = :user)")
    boolean isMember(UUID thread, String user);

    @SqlQuery("""
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url
            FROM message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE message.thread_id = :thread AND message.seq < :seq
            ORDER BY message.seq DESC
            LIMIT :limit
            """)
    List<Message> before(UUID thread, long seq, int limit);

    @SqlQuery("""
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url
            FROM message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE message.thread_id = :thread AND message.seq > :seq
            ORDER BY message.seq
            LIMIT :limit
            """)
    List<Message> after(UUID thread, long seq, int limit);
}
