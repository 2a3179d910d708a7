package com.cove.db.recovery;

import com.cove.db.history.StoredEvent;
import com.cove.db.row.MessageReadMapper;
import com.cove.db.row.NewMessageMapper;
import com.cove.db.sql.FirstColumn;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.thread.ThreadId;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Changes in somebody's own threads, thread by thread through the indexes that begin with it. */
record RecoveryDao(Handle handle) {
    private static final String TRACES = """
            (SELECT 'MESSAGE' AS kind, news.thread_id, news.seq, CAST(CAST(news.changed AS text) AS bigint) AS stored_in
             FROM thread_member own
             JOIN thread ON thread.id = own.thread_id
             CROSS JOIN LATERAL (
                 SELECT message.thread_id, message.seq, message.changed
                 FROM message
                 WHERE message.thread_id = own.thread_id AND message.changed >= CAST(:since AS xid8)
                   AND NOT pg_visible_in_snapshot(message.changed, CAST(:snapshot AS pg_snapshot))
                 LIMIT :limit
             ) news
             WHERE own.user_id = :user AND thread.changed >= CAST(:since AS xid8)
             LIMIT :limit)
            UNION ALL
            (SELECT 'READING', news.thread_id, 0, CAST(CAST(news.changed AS text) AS bigint)
             FROM thread_member own
             CROSS JOIN LATERAL (
                 SELECT message_read.thread_id, message_read.changed
                 FROM message_read
                 WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST(:since AS xid8)
                   AND NOT pg_visible_in_snapshot(message_read.changed, CAST(:snapshot AS pg_snapshot))
                 LIMIT :limit
             ) news
             WHERE own.user_id = :user
             LIMIT :limit)
            UNION ALL
            (SELECT 'BEGINNING', thread.id, 0, CAST(CAST(thread.created_in AS text) AS bigint)
             FROM thread_member own
             JOIN thread ON thread.id = own.thread_id
             WHERE own.user_id = :user AND thread.created_in >= CAST(:since AS xid8)
               AND NOT pg_visible_in_snapshot(thread.created_in, CAST(:snapshot AS pg_snapshot))
             LIMIT :limit)
            """;

    /** What there is, in no order and no more of each kind than the limit. */
    List<Trace> traces(String user, String since, String snapshot, int limit) {
        return handle.createQuery(TRACES)
                .bind("user", user)
                .bind("since", since)
                .bind("snapshot", snapshot)
                .bind("limit", limit)
                .map((row, _) -> new Trace(
                        Trace.Kind.valueOf(row.getString("kind")),
                        ThreadId.of(row.getObject("thread_id", UUID.class)),
                        row.getLong("seq"),
                        row.getLong("stored_in")))
                .list();
    }

    private static final String WEIGH = """
            SELECT count(*) AS events, coalesce(sum(bytes), 0) AS bytes
            FROM (
                (SELECT 512 + octet_length(news.content) AS bytes
                 FROM thread_member own
                 JOIN thread ON thread.id = own.thread_id
                 CROSS JOIN LATERAL (
                     SELECT message.content
                     FROM message
                     WHERE message.thread_id = own.thread_id AND message.changed >= CAST(:since AS xid8)
                       AND NOT pg_visible_in_snapshot(message.changed, CAST(:snapshot AS pg_snapshot))
                     LIMIT :limit + 1
                 ) news
                 WHERE own.user_id = :user AND thread.changed >= CAST(:since AS xid8)
                 LIMIT :limit + 1)
                UNION ALL
                (SELECT 512
                 FROM thread_member own
                 CROSS JOIN LATERAL (
                     SELECT 1
                     FROM message_read
                     WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST(:since AS xid8)
                       AND NOT pg_visible_in_snapshot(message_read.changed, CAST(:snapshot AS pg_snapshot))
                     LIMIT :limit + 1
                 ) news
                 WHERE own.user_id = :user
                 LIMIT :limit + 1)
                UNION ALL
                (SELECT 512 + 256 * (SELECT count(*) FROM thread_member other WHERE other.thread_id = news.id)
                 FROM (
                     SELECT thread.id
                     FROM thread_member own
                     JOIN thread ON thread.id = own.thread_id
                     WHERE own.user_id = :user AND thread.created_in >= CAST(:since AS xid8)
                       AND NOT pg_visible_in_snapshot(thread.created_in, CAST(:snapshot AS pg_snapshot))
                     LIMIT least(:limit, 200) + 1
                 ) news)
            ) changes
            """;

    /**
     * How much there is, without reading it: no more of each kind than the limit and one is looked at. Bytes are at least those of
     * the texts; what stands around them, and a participant, is taken for some hundred.
     */
    Weight weigh(String user, String since, String snapshot, int limit) {
        return handle.createQuery(WEIGH)
                .bind("user", user)
                .bind("since", since)
                .bind("snapshot", snapshot)
                .bind("limit", limit)
                .map((row, _) -> new Weight(row.getLong("events"), row.getLong("bytes")))
                .one();
    }

    /** What changes are and take, roughly. */
    record Weight(long events, long bytes) {}

    private static final String CREATED = """
            SELECT thread.id
            FROM thread_member own
            JOIN thread ON thread.id = own.thread_id
            WHERE own.user_id = :user AND thread.created_in >= CAST(:since AS xid8)
              AND NOT pg_visible_in_snapshot(thread.created_in, CAST(:snapshot AS pg_snapshot))
            """;

    List<UUID> created(String user, String since, String snapshot) {
        return handle.createQuery(CREATED)
                .bind("user", user)
                .bind("since", since)
                .bind("snapshot", snapshot)
                .map(FirstColumn.ID)
                .list();
    }

    private static final String MESSAGES = """
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url,
                   CAST(CAST(message.changed AS text) AS bigint) AS stored_in
            FROM thread_member own
            JOIN thread ON thread.id = own.thread_id
            CROSS JOIN LATERAL (
                SELECT message.id, message.thread_id, message.seq, message.sender_id, message.content,
                       message.client_message_id, message.created_at, message.changed
                FROM message
                WHERE message.thread_id = own.thread_id AND message.changed >= CAST(:since AS xid8)
                  AND NOT pg_visible_in_snapshot(message.changed, CAST(:snapshot AS pg_snapshot))
            ) message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE own.user_id = :user AND thread.changed >= CAST(:since AS xid8)
            """;

    /** {@code thread.changed} is at least that of each of its messages: a thread below the bound has none. */
    List<StoredEvent<NewMessage>> messages(String user, String since, String snapshot) {
        return handle.createQuery(MESSAGES)
                .bind("user", user)
                .bind("since", since)
                .bind("snapshot", snapshot)
                .map(new NewMessageMapper())
                .list();
    }

    private static final String READS = """
            SELECT news.message_id, news.thread_id, news.user_id, news.read_at, reader.last_read_seq,
                   CAST(CAST(news.changed AS text) AS bigint) AS stored_in
            FROM thread_member own
            CROSS JOIN LATERAL (
                SELECT message_id, thread_id, user_id, read_at, changed
                FROM message_read
                WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST(:since AS xid8)
                  AND NOT pg_visible_in_snapshot(message_read.changed, CAST(:snapshot AS pg_snapshot))
            ) news
            JOIN thread_member reader ON reader.thread_id = news.thread_id AND reader.user_id = news.user_id
            WHERE own.user_id = :user
            """;

    List<StoredEvent<MessageRead>> reads(String user, String since, String snapshot) {
        return handle.createQuery(READS)
                .bind("user", user)
                .bind("since", since)
                .bind("snapshot", snapshot)
                .map(new MessageReadMapper())
                .list();
    }
}
