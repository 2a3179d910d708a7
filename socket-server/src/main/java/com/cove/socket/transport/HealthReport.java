package com.cove.socket.transport;

/**
 * Whether this server can do its job.
 *
 * @param up answered as 200, otherwise 503
 * @param json the body
 */
public record HealthReport(boolean up, String json) {}
