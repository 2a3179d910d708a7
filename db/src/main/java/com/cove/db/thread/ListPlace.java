package com.cove.db.thread;

import com.cove.db.row.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Where a thread stands in a list that is ordered by activity; the id decides between equal times. */
record ListPlace(Instant updatedAt, UUID id) {

    static final class Mapper implements RowMapper<ListPlace> {
        @Override
        public ListPlace map(ResultSet row, StatementContext context) throws SQLException {
            return new ListPlace(Columns.instant(row, "updated_at"), row.getObject("id", UUID.class));
        }
    }
}
