package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How what is kept in Redis is named. Each user has a set of the addresses of nodes with a connection of theirs; all names begin with
 * the database's history, so that systems with different databases may share one Redis and never meet.
 *
 * @param cluster whether keys of one command must be of one slot; then a user's key is in one of {@link #BUCKETS}
 */
record Directory(String history, boolean cluster) {
    /** Enough to spread over any cluster; and how many questions there are about a large group at most. */
    static final int BUCKETS = 64;

    /** Where a node listens. Sharded channels: in a cluster each is one server's, not everybody's. */
    String channel(String address) {
        return "cove:" + history + ":node:" + address;
    }

    /** The addresses of all nodes, and of those that were killed a moment ago. */
    String nodes() {
        return "cove:" + history + ":nodes";
    }

    /** Says that the node at this address lives, that what it wrote is still there, and how it is. */
    String mark(String address) {
        return "cove:" + history + ":mark:" + address;
    }

    /** Who is at the node of this address. */
    String people(String address) {
        return "cove:" + history + ":people:" + address;
    }

    /** Whose turn it is to look for nodes that were killed. */
    String sweeper() {
        return "cove:" + history + ":sweeper";
    }

    /** The addresses of nodes with a connection of this user's. */
    String user(UserId user) {
        return "cove:" + history + ":at:{" + bucket(user) + "}:" + user.value();
    }

    /** The users' keys, as many together as one command may ask for. */
    Collection<List<String>> questions(List<UserId> users) {
        if (!cluster) {
            return List.of(users.stream().map(this::user).toList());
        }
        Map<Integer, List<String>> buckets = users.stream()
                .collect(Collectors.groupingBy(Directory::bucket, Collectors.mapping(this::user, Collectors.toList())));
        return buckets.values();
    }

    private static int bucket(UserId user) {
        return Math.floorMod(user.value().hashCode(), BUCKETS);
    }
}
