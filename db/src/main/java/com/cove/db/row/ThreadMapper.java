package com.cove.db.row;

import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A thread and its participants; {@code message_id} is null before the first message. */
public final class ThreadMapper implements RowMapper<ChatThread> {
    @Override
    public ChatThread map(ResultSet row, StatementContext context) throws SQLException {
        return new ChatThread(
                ThreadId.of(row.getObject("thread_id", UUID.class)),
                ThreadKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("title"),
                Participants.of(row, context),
                row.getString("message_id") == null ? null : MessageMapper.message(row, context),
                row.getLong("last_seq"),
                row.getLong("unread_count"),
                Columns.instantOrNull(row, "muted_until"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }
}
