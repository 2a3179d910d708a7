package com.cove.db.recovery;

import com.cove.db.row.MessageChangeMapper;
import com.cove.db.row.ReadChangeMapper;
import com.cove.model.event.Change;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterRowMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** Changes in somebody's own threads, thread by thread through the indexes that begin with it. */
interface RecoveryDao {
    @SqlQuery("""
            SELECT thread.id
            FROM thread_member own
            JOIN thread ON thread.id = own.thread_id
            WHERE own.user_id = :user AND thread.created_in >= CAST(:since AS xid8)
            ORDER BY thread.created_in, thread.id
            LIMIT :limit
            """)
    List<UUID> created(String user, String since, int limit);

    /** {@code thread.changed} is at least that of each of its messages: a thread below the bound has none. */
    @SqlQuery("""
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
                ORDER BY message.changed
                LIMIT :limit
            ) message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE own.user_id = :user AND thread.changed >= CAST(:since AS xid8)
            LIMIT :limit
            """)
    @RegisterRowMapper(MessageChangeMapper.class)
    List<Change> messages(String user, String since, int limit);

    @SqlQuery("""
            SELECT news.message_id, news.thread_id, news.user_id, news.read_at, reader.last_read_seq,
                   CAST(CAST(news.changed AS text) AS bigint) AS stored_in
            FROM thread_member own
            CROSS JOIN LATERAL (
                SELECT message_id, thread_id, user_id, read_at, changed
                FROM message_read
                WHERE message_read.thread_id = own.thread_id AND message_read.changed >= CAST(:since AS xid8)
                ORDER BY message_read.changed
                LIMIT :limit
            ) news
            JOIN thread_member reader ON reader.thread_id = news.thread_id AND reader.user_id = news.user_id
            WHERE own.user_id = :user
            LIMIT :limit
            """)
    @RegisterRowMapper(ReadChangeMapper.class)
    List<Change> reads(String user, String since, int limit);
}
