package com.cove.db.message;

import com.cove.db.message.News.ThreadNews;
import com.cove.model.thread.ThreadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A row of {@link MessageDao#news}. */
public final class ThreadNewsMapper implements RowMapper<ThreadNews> {
    @Override
    public ThreadNews map(ResultSet row, StatementContext context) throws SQLException {
        return new ThreadNews(
                ThreadId.of(row.getObject("thread_id", UUID.class)), row.getLong("first_seq"), row.getLong("last_seq"));
    }
}
