package com.cove.db;

/** What a database can do now. */
public enum Condition {
    /** It reads and writes. */
    UP("up"),
    /** It takes no writes: a replica, a failover under way, or somebody set it so. Each is {@code unavailable}. */
    READ_ONLY("read-only"),
    /** It takes no writes that need room: one of the last seconds found none on the disk. */
    FULL("full"),
    /** Its schema is older than this program, or no longer serves it. Each use case is {@code unavailable}. */
    UNKNOWN_SCHEMA("schema"),
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
