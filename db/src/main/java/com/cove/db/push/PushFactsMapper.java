package com.cove.db.push;

import com.cove.db.news.MessagePlace;
import com.cove.db.row.Columns;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** A row of {@link PushDao#SELECT_FACTS}. */
final class PushFactsMapper implements RowMapper<PushFacts> {
    @Override
    public PushFacts map(ResultSet row, StatementContext context) throws SQLException {
        UUID thread = row.getObject("thread_id", UUID.class);
        UserId user = new UserId(row.getString("user_id"));
        return new PushFacts(
                user,
                ThreadId.of(thread),
                MessageId.of(row.getObject("message_id", UUID.class)),
                new MessagePlace(row.getLong("stored_in"), thread, row.getLong("seq")),
                row.getString("sender_id").equals(user.value()),
                row.getString("sender_name"),
                row.getString("title"),
                row.getString("content"),
                Columns.instant(row, "sent_at"),
                row.getLong("last_read_seq"),
                Columns.instantOrNull(row, "muted_until"),
                row.getBoolean("reached"),
                state(row));
    }

    private static @Nullable PushState state(ResultSet row) throws SQLException {
        Long seq = row.getObject("push_seq", Long.class);
        if (seq == null) {
            return null;
        }
        Array lacking = row.getArray("devices");
        String verdict = row.getString("verdict");
        return new PushState(
                seq,
                row.getInt("attempts"),
                row.getObject("sent_seq", Long.class),
                Columns.instantOrNull(row, "pushed_at"),
                lacking == null ? null : List.of((String[]) lacking.getArray()),
                Columns.instantOrNull(row, "next_at"),
                row.getString("failure"),
                verdict == null ? null : PushVerdict.valueOf(verdict));
    }
}
