package com.cove.db.push;

import com.cove.db.row.Columns;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A row of {@link PushDao#devices}. */
final class PushDeviceMapper implements RowMapper<PushDevice> {
    @Override
    public PushDevice map(ResultSet row, StatementContext context) throws SQLException {
        return new PushDevice(
                new UserId(row.getString("user_id")),
                row.getString("device_id"),
                row.getString("fcm_token"),
                Columns.instant(row, "updated_at"));
    }
}
