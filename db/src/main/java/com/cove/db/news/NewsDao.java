package com.cove.db.news;

import com.cove.db.history.StoredEvent;
import com.cove.db.row.MessageReadMapper;
import com.cove.db.row.NewMessageMapper;
import com.cove.db.sql.FirstColumn;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

record NewsDao(Handle handle) {
    private static final String MESSAGES = """
            SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in, thread_id, seq
            FROM message
            WHERE (message.changed, thread_id, seq) > (CAST(:storedIn AS xid8), :thread, :seq)
            ORDER BY message.changed, thread_id, seq
            LIMIT :limit
            """;

    /** Messages in the order of changes, by the index {@code message_news} alone. */
    List<MessagePlace> messages(String storedIn, UUID thread, long seq, int limit) {
        return handle.createQuery(MESSAGES)
                .bind("storedIn", storedIn)
                .bind("thread", thread)
                .bind("seq", seq)
                .bind("limit", limit)
                .map(new MessagePlaceMapper())
                .list();
    }

    private static final String HAS = """
            SELECT EXISTS (
                SELECT 1 FROM message
                WHERE thread_id = :thread AND seq = :seq AND message.changed = CAST(:storedIn AS xid8))
            """;

    boolean has(String storedIn, UUID thread, long seq) {
        return handle.createQuery(HAS)
                .bind("storedIn", storedIn)
                .bind("thread", thread)
                .bind("seq", seq)
                .map(FirstColumn.TRUTH)
                .one();
    }

    private static final String THREADS = """
            SELECT CAST(CAST(created_in AS text) AS bigint) AS stored_in, id AS thread_id
            FROM thread
            WHERE (thread.created_in, id) > (CAST(:storedIn AS xid8), :thread)
            ORDER BY thread.created_in, id
            LIMIT :limit
            """;

    /** Threads in the order of their creations, by the index {@code thread_news} alone. */
    List<ThreadPlace> threads(String storedIn, UUID thread, int limit) {
        return handle.createQuery(THREADS)
                .bind("storedIn", storedIn)
                .bind("thread", thread)
                .bind("limit", limit)
                .map((row, _) -> new ThreadPlace(row.getLong("stored_in"), row.getObject("thread_id", UUID.class)))
                .list();
    }

    private static final String READS = """
            SELECT news.message_id, news.thread_id, news.user_id, news.read_at, reader.last_read_seq,
                   CAST(CAST(news.changed AS text) AS bigint) AS stored_in
            FROM (SELECT message_id, thread_id, user_id, read_at, changed
                  FROM message_read
                  WHERE (message_read.changed, message_id, user_id) > (CAST(:storedIn AS xid8), :message, :user)
                  ORDER BY message_read.changed, message_id, user_id
                  LIMIT :limit) news
            JOIN thread_member reader ON reader.thread_id = news.thread_id AND reader.user_id = news.user_id
            ORDER BY news.changed, news.message_id, news.user_id
            """;

    /** Readings in the order of changes. */
    List<StoredEvent<MessageRead>> reads(String storedIn, UUID message, String user, int limit) {
        return handle.createQuery(READS)
                .bind("storedIn", storedIn)
                .bind("message", message)
                .bind("user", user)
                .bind("limit", limit)
                .map(new MessageReadMapper())
                .list();
    }

    private static final String MEMBER_ROWS = """
            SELECT thread_id, array_agg(user_id ORDER BY user_id) AS members
            FROM thread_member
            WHERE thread_id = ANY (:threads)
            GROUP BY thread_id
            """;

    List<MembersMapper.Members> memberRows(UUID[] threads) {
        return handle.createQuery(MEMBER_ROWS)
                .bind("threads", threads)
                .map(new MembersMapper())
                .list();
    }

    Map<ThreadId, List<UserId>> members(UUID[] threads) {
        return memberRows(threads).stream()
                .collect(Collectors.toMap(MembersMapper.Members::thread, MembersMapper.Members::users));
    }

    private static final String BETWEEN = """
            SELECT message.id AS message_id, message.thread_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url,
                   CAST(CAST(message.changed AS text) AS bigint) AS stored_in
            FROM message
            JOIN app_user sender ON sender.id = message.sender_id
            WHERE message.thread_id = :thread AND message.seq > :after AND message.seq < :before
            ORDER BY message.seq
            LIMIT :limit
            """;

    /** Messages of one thread by seq, those before {@code before} only. */
    List<StoredEvent<NewMessage>> between(UUID thread, long after, long before, int limit) {
        return handle.createQuery(BETWEEN)
                .bind("thread", thread)
                .bind("after", after)
                .bind("before", before)
                .bind("limit", limit)
                .map(new NewMessageMapper())
                .list();
    }

    private static final String FIRST_UNSEEN = """
            WITH unseen AS MATERIALIZED (
                SELECT seq FROM message
                WHERE thread_id = :thread AND message.changed >= CAST(:since AS xid8)
                  AND NOT pg_visible_in_snapshot(message.changed, CAST(:snapshot AS pg_snapshot)))
            SELECT seq FROM unseen ORDER BY seq LIMIT 1
            """;

    /**
     * The first message of a thread that a snapshot does not see. MATERIALIZED keeps the planner from looking for it by walking
     * the thread from 1.
     */
    Optional<Long> firstUnseen(UUID thread, String since, String snapshot) {
        return handle.createQuery(FIRST_UNSEEN)
                .bind("thread", thread)
                .bind("since", since)
                .bind("snapshot", snapshot)
                .map(FirstColumn.NUMBER)
                .findOne();
    }
}
