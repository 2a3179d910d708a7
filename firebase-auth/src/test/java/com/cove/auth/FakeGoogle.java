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

/** Stands where the SDK expects the network: the address of the public keys, and that of the accounts' look-up. */
final class FakeGoogle extends HttpTransport {
    private static final String KEYS =
            "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
    private static final String LOOKUP =
            "https://identitytoolkit.googleapis.com/v1/projects/" + IdTokens.PROJECT + "/accounts:lookup";

    private final Answer keys;
    private final Answer lookup;

    private FakeGoogle(Answer keys, Answer lookup) {
        this.keys = keys;
        this.lookup = lookup;
    }

    /** Both addresses answer. */
    static FakeGoogle serving(SigningKey key, Accounts accounts) {
        return new FakeGoogle(
                _ -> new MockLowLevelHttpResponse()
                        .setContentType("application/json")
                        .addHeader("Cache-Control", "public, max-age=3600")
                        .setContent(Json.bytes(Map.of("key-1", key.pem()))),
                accounts::lookup);
    }

    static FakeGoogle refusingConnections() {
        return always(_ -> {
            throw new IOException("connection refused");
        });
    }

    static FakeGoogle failing(int status) {
        return always(_ -> new MockLowLevelHttpResponse().setStatusCode(status));
    }

    /** As Google's interfaces say no. */
    static FakeGoogle refusing(int status, String code) {
        byte[] body = Json.bytes(Map.of("error", Map.of("code", status, "message", code + " quoted", "status", code)));
        return always(_ -> new MockLowLevelHttpResponse()
                .setStatusCode(status)
                .setContentType("application/json; charset=UTF-8")
                .setContent(body));
    }

    /** Takes the request and never answers. */
    static FakeGoogle silent() {
        return always(_ -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("interrupted");
        });
    }

    private static FakeGoogle always(Answer answer) {
        return new FakeGoogle(answer, answer);
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new MockLowLevelHttpRequest(url) {
            @Override
            public LowLevelHttpResponse execute() throws IOException {
                return switch (method + " " + url) {
                    case "GET " + KEYS -> keys.to(this);
                    case "POST " + LOOKUP -> lookup.to(this);
                    default -> throw new IOException("not served: " + url);
                };
            }
        };
    }

    private interface Answer {
        LowLevelHttpResponse to(MockLowLevelHttpRequest request) throws IOException;
    }
}
