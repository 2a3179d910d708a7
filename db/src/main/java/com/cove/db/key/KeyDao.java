package com.cove.db.key;

import com.cove.model.json.Json;
import com.cove.model.key.SigningKeys;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

record KeyDao(Handle handle) {
    private static final String FIND = """
            SELECT keys, CAST(extract(epoch FROM fresh_until - clock_timestamp()) * 1000 AS bigint) AS fresh_for
            FROM signing_keys
            WHERE issuer = :issuer
            """;

    Optional<SigningKeys> find(String issuer) {
        return handle.createQuery(FIND)
                .bind("issuer", issuer)
                .map((row, _) ->
                        new SigningKeys(keys(row.getString("keys")), Duration.ofMillis(row.getLong("fresh_for"))))
                .findOne();
    }

    private static Map<String, String> keys(String json) {
        return Json.parse(json).properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asText()));
    }

    private static final String PUT = """
            INSERT INTO signing_keys AS known (issuer, keys, fresh_until)
            VALUES (:issuer, CAST(:keys AS jsonb), clock_timestamp() + :freshFor * interval '1 millisecond')
            ON CONFLICT (issuer) DO UPDATE SET keys = excluded.keys, fresh_until = excluded.fresh_until
            WHERE known.fresh_until < excluded.fresh_until
            """;

    /** By the database's clock: one program whose own is wrong must not leave keys that all others take for fresh for days. */
    void put(String issuer, SigningKeys keys) {
        handle.createUpdate(PUT)
                .bind("issuer", issuer)
                .bind("keys", Json.text(keys.keys()))
                .bind("freshFor", keys.freshFor().toMillis())
                .execute();
    }
}
