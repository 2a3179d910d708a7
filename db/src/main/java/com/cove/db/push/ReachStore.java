package com.cove.db.push;

import com.cove.db.sql.Transactions;
import com.cove.model.user.UserId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whom the nodes reached, one number for each user: what pushes are decided by. */
public final class ReachStore {
    private final Transactions transactions;

    public ReachStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Those of these users whom pushes could reach: only of them it matters whether anything else did. */
    public Set<UserId> withDevices(Collection<UserId> users) {
        return transactions.single(handle -> new ReachDao(handle)
                .withDevices(ids(users)).stream().map(UserId::new).collect(Collectors.toUnmodifiableSet()));
    }

    /** Records what a node reached, for all nodes that decide about pushes; false, and nothing, where the database has another history. */
    public boolean report(NodeReport report) {
        List<Map.Entry<UserId, Long>> reached = report.reached().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(UserId::value)))
                .toList();
        return transactions.run(handle -> {
            ReachDao dao = new ReachDao(handle);
            if (!dao.isHistory(report.epoch())) {
                return false;
            }
            if (!reached.isEmpty()) {
                dao.reached(
                        ids(reached.stream().map(Map.Entry::getKey).toList()),
                        reached.stream().map(each -> each.getValue().toString()).toArray(String[]::new));
            }
            dao.reported(report.node(), Long.toString(report.below()), report.at());
            return true;
        });
    }

    /** The node ends: nobody waits for its reports any more. */
    public void forget(String node) {
        transactions.run(handle -> {
            new ReachDao(handle).forget(node);
            return true;
        });
    }

    private static String[] ids(Collection<UserId> users) {
        return users.stream().map(UserId::value).toArray(String[]::new);
    }
}
