package com.cove.db.read;

import com.cove.db.row.Columns;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

record ReadDao(Handle handle) {
    private static final String READING = """
            SELECT message.thread_id, message.seq, own.last_read_seq, message_read.read_at,
                   ARRAY(SELECT member.user_id FROM thread_member member
                         WHERE member.thread_id = message.thread_id ORDER BY member.user_id) AS member_ids
            FROM message
            JOIN thread_member own ON own.thread_id = message.thread_id AND own.user_id = :reader
            LEFT JOIN message_read ON message_read.message_id = message.id AND message_read.user_id = :reader
            WHERE message.id = :message
            """;

    /** How a reader stands to a message; empty where the reader is not in its thread. */
    Optional<Reading> reading(UUID message, String reader) {
        return handle.createQuery(READING)
                .bind("message", message)
                .bind("reader", reader)
                .map(new Reading.Mapper())
                .findOne();
    }

    private static final String RECORD = """
            INSERT INTO message_read (message_id, thread_id, user_id, read_at)
            VALUES (:message, :thread, :reader, date_trunc('milliseconds', clock_timestamp()))
            ON CONFLICT ON CONSTRAINT message_read_pk DO NOTHING
            RETURNING read_at, CAST(CAST(changed AS text) AS bigint) AS stored_in
            """;

    /** Writes the record; empty where there is one already, also one committed a moment ago. */
    Optional<Recorded> record(UUID message, UUID thread, String reader) {
        return handle.createQuery(RECORD)
                .bind("message", message)
                .bind("thread", thread)
                .bind("reader", reader)
                .map(new Recorded.Mapper())
                .findOne();
    }

    private static final String ADVANCE = """
            UPDATE thread_member
            SET last_read_seq = :seq, last_read_at = greatest(last_read_at, :at), changed = pg_current_xact_id()
            WHERE thread_id = :thread AND user_id = :reader AND last_read_seq < :seq
            """;

    /** Moves the watermark forward, if this is forward. */
    void advance(UUID thread, String reader, long seq, Instant at) {
        handle.createUpdate(ADVANCE)
                .bind("thread", thread)
                .bind("reader", reader)
                .bind("seq", seq)
                .bind("at", at)
                .execute();
    }

    /** A record that was written, and the transaction that did it. */
    record Recorded(Instant at, long storedIn) {

        static final class Mapper implements RowMapper<Recorded> {
            @Override
            public Recorded map(ResultSet row, StatementContext context) throws SQLException {
                return new Recorded(Columns.instant(row, "read_at"), row.getLong("stored_in"));
            }
        }
    }

    /**
     * How a reader stands to a message.
     *
     * @param readAt null where the reader has not marked this very message
     */
    record Reading(
            UUID threadId,
            long seq,
            long lastReadSeq,
            @Nullable Instant readAt,
            List<UserId> memberIds) {

        static final class Mapper implements RowMapper<Reading> {
            @Override
            public Reading map(ResultSet row, StatementContext context) throws SQLException {
                String[] memberIds = (String[]) row.getArray("member_ids").getArray();
                return new Reading(
                        row.getObject("thread_id", UUID.class),
                        row.getLong("seq"),
                        row.getLong("last_read_seq"),
                        Columns.instantOrNull(row, "read_at"),
                        Stream.of(memberIds).map(UserId::new).toList());
            }
        }
    }
}
