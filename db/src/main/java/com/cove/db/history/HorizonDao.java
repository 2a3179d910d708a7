package com.cove.db.history;

import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

interface HorizonDao {
    @SqlQuery("""
            SELECT current_history_epoch() AS epoch,
                   CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest_running,
                   CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next_unassigned
            """)
    @RegisterConstructorMapper(Horizon.class)
    Horizon current();
}
