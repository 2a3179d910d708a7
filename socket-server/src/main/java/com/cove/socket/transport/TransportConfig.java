package com.cove.socket.transport;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the edge accepts and how long it waits.
 *
 * @param host the address to listen on; null for every address of the machine
 * @param port to listen on; 0 takes any free one
 * @param namespaces that clients may connect to; the contract knows only {@code /}
 * @param maxPayloadBytes of one websocket frame or polling body; more ends the session, as in Node
 * @param maxEventBytes of one event; more is answered {@code payload_too_large} and not parsed
 * @param maxAttachments of one binary event; more ends the session
 * @param pingInterval between heartbeats
 * @param pingTimeout for the answer to a heartbeat
 * @param connectTimeout for a client to ask for a namespace and be verified
 * @param mailboxBytes of events received and not yet handled, per session; more is answered {@code rate_limited}
 * @param outboundBytes written and not yet taken by the client, per session; more ends the session
 * @param drain over which the sessions are ended when the server stops, so that their clients do not all come back at once
 */
public record TransportConfig(
        @Nullable String host,
        int port,
        Set<String> namespaces,
        int maxPayloadBytes,
        int maxEventBytes,
        int maxAttachments,
        Duration pingInterval,
        Duration pingTimeout,
        Duration connectTimeout,
        int mailboxBytes,
        int outboundBytes,
        Duration drain) {

    public static final String MAIN_NAMESPACE = "/";

    /** The defaults of production, on this port of every address. */
    public static TransportConfig onPort(int port) {
        return new TransportConfig(
                null,
                port,
                Set.of(MAIN_NAMESPACE),
                2 * 1024 * 1024,
                64 * 1024,
                16,
                Duration.ofSeconds(25),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                512 * 1024,
                32 * 1024 * 1024,
                Duration.ofSeconds(10));
    }
}
