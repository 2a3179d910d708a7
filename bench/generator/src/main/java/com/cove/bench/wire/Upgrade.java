package com.cove.bench.wire;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a websocket begins (RFC 6455, 4). The key is the RFC's example, always: what it is for, caches in between, is not there. */
public final class Upgrade {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPTED = "s3pplmbitxaq9kygzzhzrbk+xoo=";

    private final byte[] request;

    public Upgrade(InetSocketAddress target, String path) {
        request = ("GET " + path + " HTTP/1.1\r\nHost: " + target.getHostString() + ":" + target.getPort()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        + KEY + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    byte[] request() {
        return request;
    }

    /** Behind the empty line; -1 where it has not come yet. */
    static int endOfHead(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Why that answer opens no websocket; null where it does. */
    @Nullable String refusal(byte[] bytes, int end) {
        String head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 101 ")) {
            return "the server answered the upgrade with "
                    + head.lines().findFirst().orElse("nothing");
        }
        return head.toLowerCase(Locale.ROOT).contains("sec-websocket-accept: " + ACCEPTED)
                ? null
                : "the server answered the upgrade with another key";
    }
}
