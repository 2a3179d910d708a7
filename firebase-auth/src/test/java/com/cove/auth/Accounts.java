package com.cove.auth;

import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The users of a Firebase project, as Google's {@code accounts:lookup} answers about them. */
final class Accounts {
    static final String ACCESS_TOKEN = "access-token-of-the-service-account";

    private final Map<String, Map<String, Object>> byId = new LinkedHashMap<>();
    /** The ids of each request, in the order in which they came. */
    final List<List<String>> asked = new ArrayList<>();

    /** Google sets {@code validSince} when an account is made, and writes 64-bit numbers as text. */
    void add(String uid, Instant createdAt) {
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("localId", uid);
        account.put("validSince", Long.toString(createdAt.getEpochSecond()));
        account.put("lastLoginAt", Long.toString(createdAt.toEpochMilli()));
        account.put("createdAt", Long.toString(createdAt.toEpochMilli()));
        account.put("lastRefreshAt", createdAt.toString());
        byId.put(uid, account);
    }

    void revoke(String uid, Instant since) {
        set(uid, "validSince", Long.toString(since.getEpochSecond()));
    }

    void disable(String uid) {
        set(uid, "disabled", true);
    }

    private void set(String uid, String name, Object value) {
        byId.computeIfPresent(uid, (_, account) -> {
            account.put(name, value);
            return account;
        });
    }

    void delete(String uid) {
        byId.remove(uid);
    }

    /** Unknown ids are left out; where all are unknown there is no list. */
    LowLevelHttpResponse lookup(MockLowLevelHttpRequest request) throws IOException {
        if (!("Bearer " + ACCESS_TOKEN).equals(request.getFirstHeaderValue("Authorization"))) {
            return new MockLowLevelHttpResponse().setStatusCode(401);
        }
        List<String> ids = StreamSupport.stream(
                        Json.parse(request.getContentAsString()).get("localId").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        asked.add(ids);
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("kind", "identitytoolkit#GetAccountInfoResponse"));
        List<Map<String, Object>> found = byId.values().stream()
                .filter(account -> ids.contains(account.get("localId")))
                .toList();
        if (!found.isEmpty()) {
            answer.put("users", found.reversed());
        }
        return new MockLowLevelHttpResponse()
                .setContentType("application/json; charset=UTF-8")
                .setContent(Json.bytes(answer));
    }
}
