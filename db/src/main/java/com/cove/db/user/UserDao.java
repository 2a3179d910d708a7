package com.cove.db.user;

import com.cove.db.sql.FirstColumn;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record UserDao(Handle handle) {
    private static final String IS_CURRENT = """
            SELECT EXISTS (
                SELECT 1 FROM app_user
                WHERE id = :id AND name IS NOT DISTINCT FROM :name
                  AND (image_url IS NOT DISTINCT FROM :imageUrl OR CAST(:imageUrl AS text) IS NULL AND image_url !~* '^http(s|)://'))
            """;

    /** A token without a picture leaves one that is stored as a key, which came from no token. */
    boolean isCurrent(String id, @Nullable String name, @Nullable String imageUrl) {
        return handle.createQuery(IS_CURRENT)
                .bind("id", id)
                .bind("name", name)
                .bind("imageUrl", imageUrl)
                .map(FirstColumn.TRUTH)
                .one();
    }

    private static final String PUT = """
            INSERT INTO app_user AS known (id, name, image_url) VALUES (:id, :name, :imageUrl)
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name,
                image_url = CASE WHEN excluded.image_url IS NULL AND known.image_url !~* '^http(s|)://' THEN known.image_url
                                 ELSE excluded.image_url END
            WHERE known.name IS DISTINCT FROM excluded.name OR known.image_url IS DISTINCT FROM excluded.image_url
            """;

    void put(String id, @Nullable String name, @Nullable String imageUrl) {
        handle.createUpdate(PUT)
                .bind("id", id)
                .bind("name", name)
                .bind("imageUrl", imageUrl)
                .execute();
    }
}
