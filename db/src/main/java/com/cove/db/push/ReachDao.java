package com.cove.db.push;

import com.cove.db.sql.FirstColumn;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Who was reached, as the nodes report it. */
record ReachDao(Handle handle) {
    private static final String WITH_DEVICES = """
            SELECT given.id FROM unnest(CAST(:users AS text[])) AS given (id)
            WHERE EXISTS (SELECT 1 FROM device WHERE device.user_id = given.id)
            """;

    List<String> withDevices(String[] users) {
        return handle.createQuery(WITH_DEVICES)
                .bind("users", users)
                .map(FirstColumn.TEXT)
                .list();
    }

    private static final String IS_HISTORY = "SELECT current_history_epoch() = :epoch";

    boolean isHistory(String epoch) {
        return handle.createQuery(IS_HISTORY)
                .bind("epoch", epoch)
                .map(FirstColumn.TRUTH)
                .one();
    }

    private static final String REACHED = """
            INSERT INTO reach (user_id, below)
            SELECT given.user_id, CAST(given.below AS xid8)
            FROM unnest(CAST(:users AS text[]), CAST(:belows AS text[])) AS given (user_id, below)
            WHERE EXISTS (SELECT 1 FROM app_user WHERE app_user.id = given.user_id)
            ORDER BY given.user_id
            ON CONFLICT ON CONSTRAINT reach_pk DO UPDATE SET below = excluded.below
            WHERE reach.below < excluded.below
            """;

    void reached(String[] users, String[] belows) {
        handle.createUpdate(REACHED).bind("users", users).bind("belows", belows).execute();
    }

    private static final String REPORTED = """
            INSERT INTO reach_node (id, below, reported_at) VALUES (:node, CAST(:below AS xid8), :now)
            ON CONFLICT ON CONSTRAINT reach_node_pk
            DO UPDATE SET below = excluded.below, reported_at = excluded.reported_at
            """;

    void reported(String node, String below, Instant now) {
        handle.createUpdate(REPORTED)
                .bind("node", node)
                .bind("below", below)
                .bind("now", now)
                .execute();
    }

    private static final String FORGET = "DELETE FROM reach_node WHERE id = :node";

    void forget(String node) {
        handle.createUpdate(FORGET).bind("node", node).execute();
    }

    private static final String FORGET_NODES = "DELETE FROM reach_node WHERE reach_node.reported_at < :before";

    void forgetNodes(Instant before) {
        handle.createUpdate(FORGET_NODES).bind("before", before).execute();
    }

    private static final String FORGET_ALL_NODES = "DELETE FROM reach_node";

    void forgetNodes() {
        handle.createUpdate(FORGET_ALL_NODES).execute();
    }

    private static final String FORGET_REACH = "DELETE FROM reach WHERE reach.below > CAST(:next AS xid8)";

    /** The database has another history: what was noted of transactions that are yet to come is of the former one. */
    void forgetReach(String next) {
        handle.createUpdate(FORGET_REACH).bind("next", next).execute();
    }
}
