package com.cove.db.row;

import com.cove.db.history.HorizonMapper;
import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.thread.ChatThread;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

record ThreadViewDao(Handle handle) {
    /**
     * The threads of {@code place}, which comes before it, as the viewer sees them. The viewer's own row is looked for in each: a plan that
     * is made for anybody may else read all the memberships of somebody who has thousands.
     */
    private static final String VIEW = """
            SELECT thread.id AS thread_id, thread.kind, thread.title, thread.last_seq, thread.created_at, thread.updated_at,
                   thread.last_seq - own.last_read_seq AS unread_count,
                   CASE WHEN own.muted_until > clock_timestamp() THEN own.muted_until END AS muted_until,
                   message.id AS message_id, message.seq, message.sender_id, message.content,
                   message.client_message_id, message.created_at AS sent_at,
                   sender.name AS sender_name, sender.image_url AS sender_image_url, participants.*
            FROM place
            JOIN thread ON thread.id = place.id
            CROSS JOIN LATERAL (
                SELECT last_read_seq, muted_until
                FROM thread_member
                WHERE thread_id = place.id AND user_id = :viewer
                LIMIT 1
            ) own
            LEFT JOIN message ON message.thread_id = thread.id AND message.seq = thread.last_seq
            LEFT JOIN app_user sender ON sender.id = message.sender_id
            """ + Participants.JOIN;

    private static final String THREADS = """
            WITH place AS (
                SELECT wanted.id, wanted.number
                FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, number)
            )
            """ + VIEW + """
            ORDER BY place.number
            """;

    /** The threads among {@code ids} that the viewer is a member of, in this order. */
    List<ChatThread> threads(String viewer, UUID[] ids) {
        return handle.createQuery(THREADS)
                .bind("ids", ids)
                .bind("viewer", viewer)
                .map(new ThreadMapper())
                .list();
    }

    private static final String LISTING = """
            WITH horizon AS MATERIALIZED (
            """ + HorizonMapper.SELECT + """
            ), place AS (
                SELECT thread.id
                FROM thread
                WHERE thread.id = ANY (ARRAY(SELECT thread_id FROM thread_member WHERE user_id = :viewer))
                  AND (thread.updated_at, thread.id) < (:updatedAt, :id)
                ORDER BY thread.updated_at DESC, thread.id DESC
                LIMIT :limit
            ), page AS (
            """ + VIEW + """
            )
            SELECT horizon.*, page.*
            FROM horizon
            LEFT JOIN page ON true
            ORDER BY page.updated_at DESC, page.thread_id DESC
            """;

    /**
     * Looks at every thread of the viewer to sort them, in one pass through the index for all of them: half of what looking for each takes. An
     * index in order of activity would need the time in every member's row, and each send would write all of them. A single statement, so
     * that horizon and threads are of one snapshot without a transaction around them.
     */
    ThreadListing listing(String viewer, Instant updatedAt, UUID id, int limit) {
        return handle.createQuery(LISTING)
                .bind("viewer", viewer)
                .bind("updatedAt", updatedAt)
                .bind("id", id)
                .bind("limit", limit)
                .reduceResultSet(new ThreadListing.Rows(), ThreadListing.Rows::with)
                .listing();
    }

    private static final String BEGINNINGS = """
            SELECT thread.id AS thread_id, thread.kind, thread.title, thread.created_at,
                   CAST(CAST(thread.created_in AS text) AS bigint) AS stored_in, participants.*
            FROM thread
            """ + Participants.JOIN + """
            WHERE thread.id = ANY (:ids)
            """;

    /** The threads of these ids as they began, in no order. */
    List<StoredEvent<ThreadCreated>> beginnings(UUID[] ids) {
        return handle.createQuery(BEGINNINGS)
                .bind("ids", ids)
                .map(new BeginningMapper())
                .list();
    }
}
