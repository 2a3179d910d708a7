package com.cove.db.news;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Where a message is, from {@code stored_in, thread_id, seq}. */
public final class MessagePlaceMapper implements RowMapper<MessagePlace> {
    @Override
    public MessagePlace map(ResultSet row, StatementContext context) throws SQLException {
        return new MessagePlace(row.getLong("stored_in"), row.getObject("thread_id", UUID.class), row.getLong("seq"));
    }
}
