package com.cove.auth;

import com.cove.model.json.Json;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Stands where the SDK expects the network, and serves the public-keys address only. */
final class KeyServer extends HttpTransport {
    private static final String KEYS =
            "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";

    private final Answer answer;

    private KeyServer(Answer answer) {
        this.answer = answer;
    }

    static KeyServer serving(SigningKey key) {
        return new KeyServer(() -> new MockLowLevelHttpResponse()
                .setContentType("application/json")
                .addHeader("Cache-Control", "public, max-age=3600")
                .setContent(Json.bytes(Map.of("key-1", key.pem()))));
    }

    static KeyServer refusingConnections() {
        return new KeyServer(() -> {
            throw new IOException("connection refused");
        });
    }

    static KeyServer failing() {
        return new KeyServer(() -> new MockLowLevelHttpResponse().setStatusCode(500));
    }

    /** Takes the request and never answers. */
    static KeyServer silent() {
        return new KeyServer(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("interrupted");
        });
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new MockLowLevelHttpRequest(url) {
            @Override
            public LowLevelHttpResponse execute() throws IOException {
                if (!url.equals(KEYS)) {
                    throw new IOException("nothing but the keys is served");
                }
                return answer.give();
            }
        };
    }

    private interface Answer {
        LowLevelHttpResponse give() throws IOException;
    }
}
