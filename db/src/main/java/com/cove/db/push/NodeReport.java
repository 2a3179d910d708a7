package com.cove.db.push;

import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.Map;

/**
 * What a node knows of who was reached.
 *
 * @param node a name of its own for each start of a server
 * @param epoch names the history that the ids of transactions belong to
 * @param below of every change by a transaction below this one, the node has reported whom here it reached
 * @param reached of each user, below which transaction everything has provably arrived on one of their devices; news only
 */
public record NodeReport(String node, String epoch, long below, Map<UserId, Long> reached, Instant at) {
    public NodeReport {
        reached = Map.copyOf(reached);
    }
}
