package com.cove.db.row;

import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Somebody's reading of a message as an event, from {@code message_id, thread_id, user_id, read_at, last_read_seq, stored_in}. */
public final class MessageReadMapper implements RowMapper<StoredEvent<MessageRead>> {
    @Override
    public StoredEvent<MessageRead> map(ResultSet row, StatementContext context) throws SQLException {
        MessageRead read = new MessageRead(
                MessageId.of(row.getObject("message_id", UUID.class)),
                ThreadId.of(row.getObject("thread_id", UUID.class)),
                new UserId(row.getString("user_id")),
                Columns.instant(row, "read_at"),
                row.getLong("last_read_seq"));
        return new StoredEvent<>(read, row.getLong("stored_in"));
    }
}
