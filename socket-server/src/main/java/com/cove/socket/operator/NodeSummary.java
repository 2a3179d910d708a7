package com.cove.socket.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a node is, as {@code GET /nodes} shows it and as it travels to other nodes, which may be of another version: fields may be
 * added, and whoever reads it does without those that are missing. Numbers are since the node's start.
 *
 * @param id of this run of the program
 * @param task of ECS; empty elsewhere
 * @param port that clients connect to
 * @param at when it was so, by the node's clock
 * @param status {@code up}, {@code down} or {@code draining}, as {@code GET /health} says
 * @param database as {@code GET /health} says
 * @param threads with traffic here in the last ten minutes
 * @param sendsWaiting messages that wait for their turn to be committed
 * @param redis null where there is to be none
 */
record NodeSummary(
        String id,
        String name,
        String task,
        String version,
        int port,
        Instant startedAt,
        Instant at,
        String status,
        String database,
        long connections,
        long users,
        long threads,
        long sendsWaiting,
        Repairs repair,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Redis redis) {
    /**
     * What was found in the database.
     *
     * @param ageMs since everything committed before was delivered
     * @param found events that somebody got only by it
     * @param worstLagMs of those of the last minutes, from commit to delivery at most
     */
    record Repairs(long ageMs, long found, long worstLagMs) {}

    /**
     * What other nodes are told, and tell.
     *
     * @param up whether Redis is there
     * @param worstRoundTripMs of the last minutes
     * @param dropped hints by cause, without those causes that there were none of
     */
    record Redis(boolean up, double worstRoundTripMs, long sent, long received, Map<String, Long> dropped) {}
}
