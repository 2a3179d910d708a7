package com.cove.db.device;

import com.cove.db.sql.FirstColumn;
import org.jdbi.v3.core.Handle;

record DeviceDao(Handle handle) {
    private static final String RENEW = """
            UPDATE device
            SET updated_at = greatest(updated_at + interval '1 millisecond', date_trunc('milliseconds', clock_timestamp()))
            WHERE user_id = :user AND device_id = :device AND fcm_token = :token
            """;

    /** Registers the token again that the device has; always later than before, so that what happened to it in between is known. */
    int renew(String user, String device, String token) {
        return handle.createUpdate(RENEW)
                .bind("user", user)
                .bind("device", device)
                .bind("token", token)
                .execute();
    }

    private static final String TAKE_TURN =
            "SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:token, 0))) turn";

    /** Those who claim one token at once take turns: waiting for each other's rows they would deadlock. */
    boolean takeTurn(String token) {
        return handle.createQuery(TAKE_TURN)
                .bind("token", token)
                .map(FirstColumn.TRUTH)
                .one();
    }

    private static final String REMOVE_ELSEWHERE = """
            DELETE FROM device
            WHERE fcm_token = :token AND (user_id, device_id) <> (:user, :device)
            """;

    void removeElsewhere(String user, String device, String token) {
        handle.createUpdate(REMOVE_ELSEWHERE)
                .bind("user", user)
                .bind("device", device)
                .bind("token", token)
                .execute();
    }

    private static final String PUT = """
            INSERT INTO device (user_id, device_id, fcm_token, updated_at)
            VALUES (:user, :device, :token, date_trunc('milliseconds', clock_timestamp()))
            ON CONFLICT ON CONSTRAINT device_pk
            DO UPDATE SET fcm_token = excluded.fcm_token, updated_at = excluded.updated_at
            """;

    void put(String user, String device, String token) {
        handle.createUpdate(PUT)
                .bind("user", user)
                .bind("device", device)
                .bind("token", token)
                .execute();
    }

    private static final String REMOVE_BEYOND = """
            DELETE FROM device
            WHERE user_id = :user AND device_id IN (
                SELECT device_id FROM device
                WHERE user_id = :user
                ORDER BY updated_at DESC, device_id
                OFFSET :newest)
            """;

    /** All but the newest. */
    void removeBeyond(String user, int newest) {
        handle.createUpdate(REMOVE_BEYOND)
                .bind("user", user)
                .bind("newest", newest)
                .execute();
    }

    private static final String REMOVE = "DELETE FROM device WHERE user_id = :user AND device_id = :device";

    void remove(String user, String device) {
        handle.createUpdate(REMOVE).bind("user", user).bind("device", device).execute();
    }
}
