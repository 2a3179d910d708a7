package com.cove.db.row;

import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.NewMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A stored message as an event: the columns of {@link MessageMapper}, and {@code stored_in}. */
public final class NewMessageMapper implements RowMapper<StoredEvent<NewMessage>> {
    @Override
    public StoredEvent<NewMessage> map(ResultSet row, StatementContext context) throws SQLException {
        return new StoredEvent<>(new NewMessage(MessageMapper.message(row, context)), row.getLong("stored_in"));
    }
}
