package com.cove.db.push;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** Who was reached, as the nodes report it. */
interface ReachDao {
    @SqlQuery("""
            SELECT given.id FROM unnest(CAST(:users AS text[])) AS given (id)
            WHERE EXISTS (SELECT 1 FROM device WHERE device.user_id = given.id)
            """)
    List<String> withDevices(String[] users);

    @SqlQuery("SELECT current_history_epoch() = :epoch")
    boolean isHistory(String epoch);

    @SqlUpdate("""
            INSERT INTO reach (user_id, below)
            SELECT given.user_id, CAST(given.below AS xid8)
            FROM unnest(CAST(:users AS text[]), CAST(:belows AS text[])) AS given (user_id, below)
            WHERE EXISTS (SELECT 1 FROM app_user WHERE app_user.id = given.user_id)
            ORDER BY given.user_id
            ON CONFLICT ON CONSTRAINT reach_pk DO UPDATE SET below = excluded.below
            WHERE reach.below < excluded.below
            """)
    void reached(String[] users, String[] belows);

    @SqlUpdate("""
            INSERT INTO reach_node (id, below, reported_at) VALUES (:node, CAST(:below AS xid8), :now)
            ON CONFLICT ON CONSTRAINT reach_node_pk
            DO UPDATE SET below = excluded.below, reported_at = excluded.reported_at
            """)
    void reported(String node, String below, Instant now);

    @SqlUpdate("DELETE FROM reach_node WHERE id = :node")
    void forget(String node);

    @SqlUpdate("DELETE FROM reach_node WHERE reach_node.reported_at < :before")
    void forgetNodes(Instant before);

    @SqlUpdate("DELETE FROM reach_node")
    void forgetNodes();

    /** The database has another history: what was noted of transactions that are yet to come is of the former one. */
    @SqlUpdate("DELETE FROM reach WHERE reach.below > CAST(:next AS xid8)")
    void forgetReach(String next);
}
