package com.cove.db;

/** What a database can do now. */
public enum Condition {
    /** It reads and writes. */
    UP("up"),
    /** It reads: a replica, a failover under way, or somebody set it so. Every write is {@code unavailable}. */
    READ_ONLY("read-only"),
    /** It reads: a write of the last seconds found no room on the disk. */
    FULL("full"),
    /** It gives no answer in time. */
    DOWN("down");

    private final String wireName;

    Condition(String wireName) {
        this.wireName = wireName;
    }

    /** As in the answer of {@code GET /health}. */
    public String wireName() {
        return wireName;
    }
}
