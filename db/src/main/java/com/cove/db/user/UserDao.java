package com.cove.db.user;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

interface UserDao {
    @SqlQuery("""
            SELECT EXISTS (
                SELECT 1 FROM app_user
                WHERE id = :id AND name IS NOT DISTINCT FROM :name AND image_url IS NOT DISTINCT FROM :imageUrl)
            """)
    boolean isCurrent(String id, @Nullable String name, @Nullable String imageUrl);

    @SqlUpdate("""
            INSERT INTO app_user AS known (id, name, image_url) VALUES (:id, :name, :imageUrl)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, image_url = excluded.image_url
            WHERE known.name IS DISTINCT FROM excluded.name OR known.image_url IS DISTINCT FROM excluded.image_url
            """)
    void put(String id, @Nullable String name, @Nullable String imageUrl);

    @SqlQuery("""
            SELECT DISTINCT other.user_id
            FROM thread_member own
            JOIN thread_member other ON other.thread_id = own.thread_id
            WHERE own.user_id = :id AND other.user_id <> :id
            """)
    List<String> contacts(String id);

    @SqlUpdate("""
            UPDATE app_user SET last_seen_at = date_trunc('milliseconds', CAST(:at AS timestamptz))
            WHERE id = :id AND (last_seen_at IS NULL OR last_seen_at < date_trunc('milliseconds', CAST(:at AS timestamptz)))
            """)
    void seen(String id, Instant at);

    @SqlQuery("SELECT last_seen_at FROM app_user WHERE id = :id AND last_seen_at IS NOT NULL")
    Optional<Instant> lastSeen(String id);
}
