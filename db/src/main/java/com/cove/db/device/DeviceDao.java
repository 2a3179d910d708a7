package com.cove.db.device;

import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

interface DeviceDao {
    /** Registers the token again that the device has; always later than before, so that what happened to it in between is known. */
    @SqlUpdate("""
            UPDATE device
            SET updated_at = greatest(updated_at + interval '1 millisecond', date_trunc('milliseconds', clock_timestamp()))
            WHERE user_id = :user AND device_id = :device AND fcm_token = :token
            """)
    int renew(String user, String device, String token);

    /** Those who claim one token at once take turns: waiting for each other's rows they would deadlock. */
    @SqlQuery("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:token, 0))) turn")
    boolean takeTurn(String token);

    @SqlUpdate("""
            DELETE FROM device
            WHERE fcm_token = :token AND (user_id, device_id) <> (:user, :device)
            """)
    void removeElsewhere(String user, String device, String token);

    @SqlUpdate("""
            INSERT INTO device (user_id, device_id, fcm_token, updated_at)
            VALUES (:user, :device, :token, date_trunc('milliseconds', clock_timestamp()))
            ON CONFLICT ON CONSTRAINT device_pk
            DO UPDATE SET fcm_token = excluded.fcm_token, updated_at = excluded.updated_at
            """)
    void put(String user, String device, String token);

    /** All but the newest. */
    @SqlUpdate("""
            DELETE FROM device
            WHERE user_id = :user AND device_id IN (
                SELECT device_id FROM device
                WHERE user_id = :user
                ORDER BY updated_at DESC, device_id
                OFFSET :newest)
            """)
    void removeBeyond(String user, int newest);

    @SqlUpdate("DELETE FROM device WHERE user_id = :user AND device_id = :device")
    void remove(String user, String device);
}
