package com.cove.db.news;

import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A row of {@link NewsDao#memberRows}. */
final class MembersMapper implements RowMapper<MembersMapper.Members> {
    /** Everybody in a thread. */
    record Members(ThreadId thread, List<UserId> users) {}

    @Override
    public Members map(ResultSet row, StatementContext context) throws SQLException {
        String[] users = (String[]) row.getArray("members").getArray();
        return new Members(
                ThreadId.of(row.getObject("thread_id", UUID.class)),
                Arrays.stream(users).map(UserId::new).toList());
    }
}
