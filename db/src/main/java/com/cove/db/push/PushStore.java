package com.cove.db.push;

import com.cove.db.sql.Transactions;
import com.cove.model.user.UserId;
import java.util.Collection;
import java.util.Set;

/** Who is due a push, and what became of it. */
public final class PushStore {
    private final Transactions transactions;

    public PushStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Those of these users whom pushes could reach: only of them it matters whether anything else did. */
    public Set<UserId> withDevices(Collection<UserId> users) {
        throw new UnsupportedOperationException(transactions + " " + users);
    }

    /** Records what a node reached, for all nodes that decide about pushes. */
    public void report(NodeReport report) {
        throw new UnsupportedOperationException(report.node());
    }

    /** The node ends: nobody waits for its reports any more. */
    public void forget(String node) {
        throw new UnsupportedOperationException(node);
    }
}
