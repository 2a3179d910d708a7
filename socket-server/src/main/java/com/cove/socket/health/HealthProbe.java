package com.cove.socket.health;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * A container's health check without curl: exit code 0 if {@code GET /live} answers 200, otherwise 1. Not {@code /health}:
 * whoever restarts what is unhealthy would drop every connection because the database is away.
 */
public final class HealthProbe {
    private static final int TIMEOUT_MS = 2_000;

    private HealthProbe() {}

    /** Asks the server of this container, on the port that {@code SOCKET_PORT} names. */
    public static void main(String[] arguments) {
        System.exit(healthy(System.getenv().getOrDefault("SOCKET_PORT", "3001")) ? 0 : 1);
    }

    private static boolean healthy(String port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/live").toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
