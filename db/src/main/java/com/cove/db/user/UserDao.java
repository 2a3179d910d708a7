package com.cove.db.user;

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
}
