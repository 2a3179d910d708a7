package com.cove.db.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A horizon, from the columns of {@link #SELECT}. */
public final class HorizonMapper implements RowMapper<Horizon> {
    /**
     * One row: the horizon of the statement's snapshot, also as a part of a larger one. The newest change comes from the ends of
     * indexes; muting, which none shows, is noted with the epoch.
     */
    public static final String SELECT = """
            SELECT current_history_epoch() AS epoch,
                   CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest_running,
                   CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next_unassigned,
                   ARRAY(SELECT CAST(CAST(running.id AS text) AS bigint)
                         FROM pg_snapshot_xip(pg_current_snapshot()) AS running (id) ORDER BY running.id) AS running,
                   CAST(CAST(greatest(
                       (SELECT changed FROM history_epoch),
                       (SELECT changed FROM message ORDER BY message.changed DESC LIMIT 1),
                       (SELECT changed FROM message_read ORDER BY message_read.changed DESC LIMIT 1),
                       (SELECT created_in FROM thread WHERE created_in IS NOT NULL ORDER BY created_in DESC LIMIT 1)
                   ) AS text) AS bigint) AS newest_change
            """;

    @Override
    public Horizon map(ResultSet row, StatementContext context) throws SQLException {
        Long[] running = (Long[]) row.getArray("running").getArray();
        return new Horizon(
                        row.getString("epoch"),
                        row.getLong("oldest_running"),
                        row.getLong("next_unassigned"),
                        List.of(running))
                .endingBehind(row.getLong("newest_change"));
    }
}
