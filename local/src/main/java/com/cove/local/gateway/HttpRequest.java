package com.cove.local.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came over the network.
 *
 * @param rawPath as sent, without the query
 * @param rawQuery as sent, without the question mark; empty where there is none
 * @param headers by lower-case name, values in the order they came
 * @param port the one it came in on
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record HttpRequest(
        String method,
        String rawPath,
        String rawQuery,
        String protocol,
        Map<String, List<String>> headers,
        byte[] body,
        String sourceIp,
        int port,
        String requestId,
        Instant time) {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }
}
