package com.cove.db.message;

import com.cove.db.row.MessageMapper;
import com.cove.db.sql.FirstColumn;
import com.cove.model.message.Message;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

record MessageDao(Handle handle) {
    private static final String LOCK = """
            SELECT thread.id
            FROM thread
            WHERE thread.id IN (
                SELECT own.thread_id
                FROM unnest(CAST(:threads AS uuid[]), CAST(:senders AS text[])) AS given (thread_id, sender_id)
                JOIN thread_member own ON own.thread_id = given.thread_id AND own.user_id = given.sender_id)
            ORDER BY thread.id
            FOR NO KEY UPDATE OF thread
            """;

    /**
     * Takes the locks under which the threads' sequences grow, of those threads whose sender is a member; in the order of
     * their ids, so that no two batches wait for each other. NO KEY: the foreign keys of new members and messages only
     * share the key, and do not wait.
     */
    List<UUID> lock(List<Send> sends) {
        return handle.createQuery(LOCK)
                .bind("threads", threads(sends))
                .bind("senders", senders(sends))
                .map(FirstColumn.ID)
                .list();
    }

    /**
     * Behind SELECT, of messages that a statement has with their sends' places: for {@link SendOutcomeMapper} and {@link NewMessageMapper}. Who is
     * in a thread is read of those that are {@code unknown}.
     */
    private static final String OUTCOMES = """
                   outcome.place, outcome.is_new, outcome.seq, outcome.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url,
                   CAST(CAST(outcome.changed AS text) AS bigint) AS stored_in,
                   CASE WHEN outcome.thread_id = ANY (CAST(:unknown AS uuid[])) THEN
                       ARRAY(SELECT member.user_id FROM thread_member member
                             WHERE member.thread_id = outcome.thread_id ORDER BY member.user_id)
                   END AS member_ids
            FROM outcome
            JOIN app_user sender ON sender.id = outcome.sender_id
            """;

    /** Of what is {@code fresh}, in threads that were {@code advanced}. */
    private static final String STORED = """
            ), stored AS (
                INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at)
                SELECT fresh.id, fresh.thread_id, advanced.seq_before + fresh.step, fresh.sender_id, fresh.content,
                       fresh.client_message_id, advanced.updated_at
                FROM fresh
                JOIN advanced ON advanced.id = fresh.thread_id
                RETURNING id, thread_id, seq, sender_id, content, client_message_id, created_at, changed
            ), reading AS (
                UPDATE thread_member
                SET last_read_seq = own.seq, last_read_at = own.created_at, changed = pg_current_xact_id()
                FROM (SELECT thread_id, sender_id, max(seq) AS seq, max(created_at) AS created_at
                      FROM stored GROUP BY thread_id, sender_id) own
                WHERE thread_member.thread_id = own.thread_id AND thread_member.user_id = own.sender_id
            """;

    private static final String SEND = """
            WITH given AS (
                SELECT given.*
                FROM unnest(CAST(:ids AS uuid[]), CAST(:threads AS uuid[]), CAST(:senders AS text[]),
                            CAST(:contents AS text[]), CAST(:clientMessageIds AS text[]))
                     WITH ORDINALITY AS given (id, thread_id, sender_id, content, client_message_id, place)
            ), allowed AS (
                SELECT given.*, row_number() OVER (
                           PARTITION BY given.thread_id, given.sender_id, given.client_message_id
                           ORDER BY given.place) AS attempt
                FROM given
                JOIN thread_member own ON own.thread_id = given.thread_id AND own.user_id = given.sender_id
            ), known AS (
                SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
                       message.client_message_id, message.created_at, message.changed
                FROM allowed
                JOIN message USING (thread_id, sender_id, client_message_id)
                WHERE allowed.attempt = 1
            ), fresh AS (
                SELECT allowed.*, row_number() OVER (PARTITION BY allowed.thread_id ORDER BY allowed.place) AS step
                FROM allowed
                LEFT JOIN known USING (thread_id, sender_id, client_message_id)
                WHERE allowed.client_message_id IS NULL OR (allowed.attempt = 1 AND known.id IS NULL)
            ), advanced AS (
                UPDATE thread
                SET last_seq = last_seq + growth.messages,
                    updated_at = greatest(updated_at, date_trunc('milliseconds', clock_timestamp())),
                    changed = greatest(changed, pg_current_xact_id())
                FROM (SELECT thread_id, count(*) AS messages FROM fresh GROUP BY thread_id) growth
                WHERE thread.id = growth.thread_id
                RETURNING thread.id, thread.last_seq - growth.messages AS seq_before, thread.updated_at
            """ + STORED + """
            ), outcome AS (
                SELECT allowed.place, true AS is_new, stored.*
                FROM allowed
                JOIN stored ON stored.id = allowed.id
                UNION ALL
                SELECT allowed.place, false, stored.*
                FROM allowed
                JOIN stored ON stored.thread_id = allowed.thread_id AND stored.sender_id = allowed.sender_id
                           AND stored.client_message_id = allowed.client_message_id
                WHERE allowed.attempt > 1
                UNION ALL
                SELECT allowed.place, false, known.*
                FROM allowed
                JOIN known ON known.thread_id = allowed.thread_id AND known.sender_id = allowed.sender_id
                          AND known.client_message_id = allowed.client_message_id
            )
            SELECT outcome.id AS message_id, outcome.thread_id, outcome.sender_id, outcome.content, outcome.client_message_id,
            """ + OUTCOMES;

    /**
     * Stores messages, each as its thread's next one in the order given, moves the threads on and marks them read for the
     * senders; for a client_message_id of the sender's that is there already, or earlier in the batch, nothing changes and
     * that message is the answer. What a sender may not see has no row. Needs {@link #lock} in a statement before it: only
     * then does this statement's snapshot hold every message of the threads.
     *
     * <p>A thread's {@code changed} never falls behind that of its messages (a transaction that was given its id early
     * may take the lock late), and its {@code updated_at} never goes back with the clock.
     */
    Map<Integer, SendOutcome> send(List<Send> sends, Supplier<UUID> ids, KnownMembers known) {
        return outcomes(
                handle.createQuery(SEND),
                sends,
                newIds(sends, ids),
                SendOutcomeMapper.of(sends, new MessageMapper(), known));
    }

    private static final String SEND_NEW = """
            WITH given AS (
                SELECT given.*
                FROM unnest(CAST(:ids AS uuid[]), CAST(:threads AS uuid[]), CAST(:senders AS text[]),
                            CAST(:contents AS text[]), CAST(:clientMessageIds AS text[]))
                     WITH ORDINALITY AS given (id, thread_id, sender_id, content, client_message_id, place)
            ), fresh AS (
                SELECT given.*, row_number() OVER (PARTITION BY given.thread_id ORDER BY given.place) AS step
                FROM given
                WHERE EXISTS (SELECT FROM thread_member own
                              WHERE own.thread_id = given.thread_id AND own.user_id = given.sender_id)
                  AND NOT EXISTS (SELECT FROM message known
                                  WHERE known.thread_id = given.thread_id AND known.sender_id = given.sender_id
                                    AND known.client_message_id = given.client_message_id)
            ), locked AS (
                SELECT thread.id, growth.messages
                FROM thread
                JOIN (SELECT thread_id, count(*) AS messages FROM fresh GROUP BY thread_id) growth
                  ON growth.thread_id = thread.id
                ORDER BY thread.id
                FOR NO KEY UPDATE OF thread
            ), advanced AS (
                UPDATE thread
                SET last_seq = last_seq + locked.messages,
                    updated_at = greatest(updated_at, date_trunc('milliseconds', clock_timestamp())),
                    changed = greatest(changed, pg_current_xact_id())
                FROM locked
                WHERE thread.id = locked.id
                RETURNING thread.id, thread.last_seq - locked.messages AS seq_before, thread.updated_at
            """ + STORED + """
            ), outcome AS (
                SELECT fresh.place, true AS is_new, stored.*
                FROM stored
                JOIN fresh ON fresh.id = stored.id
            )
            SELECT
            """ + OUTCOMES;

    /** What {@link #sendNew} breaks where another transaction was faster with the same {@code clientMessageId}. */
    static final String UNIQUE_CLIENT_MESSAGE_ID = "message_client_message_id_unique";

    /**
     * As {@link #send}, of sends none of which repeats another, and without a lock before it: what has no row is for {@link #send} to say what became of it, as the sender is no member
     * or the message is stored already.
     *
     * <p>It takes the threads' locks in the order of their ids, too, and where it had to wait for one goes on with the thread as it is then:
     * sequence, time and {@code changed} are right. All else it sees as it was before the wait. A repeat that was stored meanwhile is missed, and breaks
     * {@link #UNIQUE_CLIENT_MESSAGE_ID}. Who is a member must not change: a thread has the members for ever that were stored with it.
     */
    Map<Integer, SendOutcome> sendNew(List<Send> sends, Supplier<UUID> ids, KnownMembers known) {
        List<UUID> newIds = newIds(sends, ids);
        return outcomes(
                handle.createQuery(SEND_NEW),
                sends,
                newIds,
                SendOutcomeMapper.of(sends, new NewMessageMapper(sends, newIds), known));
    }

    private static List<UUID> newIds(List<Send> sends, Supplier<UUID> ids) {
        return sends.stream().map(_ -> ids.get()).toList();
    }

    private static Map<Integer, SendOutcome> outcomes(
            Query query, List<Send> sends, List<UUID> newIds, SendOutcomeMapper outcome) {
        return query.bind("ids", newIds.toArray(UUID[]::new))
                .bind("threads", threads(sends))
                .bind("senders", senders(sends))
                .bind(
                        "contents",
                        sends.stream().map(send -> send.request().content()).toArray(String[]::new))
                .bind(
                        "clientMessageIds",
                        sends.stream().map(Send::clientMessageId).toArray(String[]::new))
                .bind("unknown", outcome.unknownThreads(sends))
                .map(outcome)
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static @Nullable UUID[] threads(List<Send> sends) {
        return sends.stream().map(Send::thread).toArray(UUID[]::new);
    }

    private static String[] senders(List<Send> sends) {
        return sends.stream().map(send -> send.sender().value()).toArray(String[]::new);
    }

    private static final String IS_MEMBER =
            "SELECT EXISTS (SELECT 1 FROM thread_member WHERE thread_id = :thread AND user_id = :user)";

    boolean isMember(UUID thread, String user) {
        return handle.createQuery(IS_MEMBER)
                .bind("thread", thread)
                .bind("user", user)
                .map(FirstColumn.TRUTH)
                .one();
    }

    private static final String BEFORE = """
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url
            FROM message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE message.thread_id = :thread AND message.seq < :seq
              AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = :thread AND user_id = :user)
            ORDER BY message.seq DESC
            LIMIT :limit
            """;

    List<Message> before(UUID thread, String user, long seq, int limit) {
        return handle.createQuery(BEFORE)
                .bind("thread", thread)
                .bind("user", user)
                .bind("seq", seq)
                .bind("limit", limit)
                .map(new MessageMapper())
                .list();
    }

    private static final String AFTER = """
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url
            FROM message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE message.thread_id = :thread AND message.seq > :seq
              AND EXISTS (SELECT 1 FROM thread_member WHERE thread_id = :thread AND user_id = :user)
            ORDER BY message.seq
            LIMIT :limit
            """;

    List<Message> after(UUID thread, String user, long seq, int limit) {
        return handle.createQuery(AFTER)
                .bind("thread", thread)
                .bind("user", user)
                .bind("seq", seq)
                .bind("limit", limit)
                .map(new MessageMapper())
                .list();
    }
}
