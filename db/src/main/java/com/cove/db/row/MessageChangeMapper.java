package com.cove.db.row;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.NewMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A stored message as a change: the columns of {@link MessageMapper}, and {@code stored_in}. */
public final class MessageChangeMapper implements RowMapper<Change> {
    @Override
    public Change map(ResultSet row, StatementContext context) throws SQLException {
        return new Change(new NewMessage(MessageMapper.message(row)), row.getLong("stored_in"));
    }
}
