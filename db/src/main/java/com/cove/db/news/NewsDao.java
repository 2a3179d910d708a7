package com.cove.db.news;

import com.cove.db.history.StoredEvent;
import com.cove.db.row.MessageReadMapper;
import com.cove.db.row.NewMessageMapper;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.RegisterRowMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

interface NewsDao {
    /** Messages in the order of changes, by the index {@code message_news} alone. */
    @SqlQuery("""
            SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in, thread_id, seq
            FROM message
            WHERE (message.changed, thread_id, seq) > (CAST(:storedIn AS xid8), :thread, :seq)
            ORDER BY message.changed, thread_id, seq
            LIMIT :limit
            """)
    @RegisterConstructorMapper(MessagePlace.class)
    List<MessagePlace> messages(String storedIn, UUID thread, long seq, int limit);

    @SqlQuery("""
            SELECT EXISTS (
                SELECT 1 FROM message
                WHERE thread_id = :thread AND seq = :seq AND message.changed = CAST(:storedIn AS xid8))
            """)
    boolean has(String storedIn, UUID thread, long seq);

    /** Threads in the order of their creations, by the index {@code thread_news} alone. */
    @SqlQuery("""
            SELECT CAST(CAST(created_in AS text) AS bigint) AS stored_in, id AS thread_id
            FROM thread
            WHERE (thread.created_in, id) > (CAST(:storedIn AS xid8), :thread)
            ORDER BY thread.created_in, id
            LIMIT :limit
            """)
    @RegisterConstructorMapper(ThreadPlace.class)
    List<ThreadPlace> threads(String storedIn, UUID thread, int limit);

    /** Readings in the order of changes. */
    @SqlQuery("""
            SELECT news.message_id, news.thread_id, news.user_id, news.read_at, reader.last_read_seq,
                   CAST(CAST(news.changed AS text) AS bigint) AS stored_in
            FROM (SELECT message_id, thread_id, user_id, read_at, changed
                  FROM message_read
                  WHERE (message_read.changed, message_id, user_id) > (CAST(:storedIn AS xid8), :message, :user)
                  ORDER BY message_read.changed, message_id, user_id
                  LIMIT :limit) news
            JOIN thread_member reader ON reader.thread_id = news.thread_id AND reader.user_id = news.user_id
            ORDER BY news.changed, news.message_id, news.user_id
            """)
    @RegisterRowMapper(MessageReadMapper.class)
    List<StoredEvent<MessageRead>> reads(String storedIn, UUID message, String user, int limit);

    @SqlQuery("""
            SELECT thread_id, array_agg(user_id ORDER BY user_id) AS members
            FROM thread_member
            WHERE thread_id = ANY (:threads)
            GROUP BY thread_id
            """)
    @RegisterRowMapper(MembersMapper.class)
    List<MembersMapper.Members> memberRows(UUID[] threads);

    default Map<ThreadId, List<UserId>> members(UUID[] threads) {
        return memberRows(threads).stream()
                .collect(Collectors.toMap(MembersMapper.Members::thread, MembersMapper.Members::users));
    }

    /** Messages of one thread by seq, those before {@code before} only. */
    @SqlQuery("""
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url,
                   CAST(CAST(message.changed AS text) AS bigint) AS stored_in
            FROM message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE message.thread_id = :thread AND message.seq > :after AND message.seq < :before
            ORDER BY message.seq
            LIMIT :limit
            """)
    @RegisterRowMapper(NewMessageMapper.class)
    List<StoredEvent<NewMessage>> between(UUID thread, long after, long before, int limit);

    /**
     * The first message of a thread that a snapshot does not see. MATERIALIZED keeps the planner from looking for it by walking
     * the thread from 1.
     */
    @SqlQuery("""
            WITH unseen AS MATERIALIZED (
                SELECT seq FROM message
                WHERE thread_id = :thread AND message.changed >= CAST(:since AS xid8)
                  AND NOT pg_visible_in_snapshot(message.changed, CAST(:snapshot AS pg_snapshot)))
            SELECT seq FROM unseen ORDER BY seq LIMIT 1
            """)
    Optional<Long> firstUnseen(UUID thread, String since, String snapshot);
}
