package com.cove.db.user;

import com.cove.db.sql.FirstColumn;
import com.cove.model.user.UserProfile;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record UserDao(Handle handle) {
    private static final String CURRENT = """
            SELECT claim.place
            FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:imageUrls AS text[]))
                 WITH ORDINALITY AS claim (id, name, image_url, place)
            JOIN app_user known ON known.id = claim.id
            WHERE known.name IS NOT DISTINCT FROM claim.name
              AND (known.image_url IS NOT DISTINCT FROM claim.image_url
                   OR claim.image_url IS NULL AND known.image_url !~* '^http(s|)://')
            """;

    /**
     * Those of these people who are known by this name and picture. A token without a picture leaves one that is stored as a key, which
     * came from no token.
     */
    Set<UserProfile> current(List<UserProfile> people) {
        return handle
                .createQuery(CURRENT)
                .bind("ids", texts(people, profile -> profile.id().value()))
                .bind("names", texts(people, UserProfile::name))
                .bind("imageUrls", texts(people, UserProfile::imageUrl))
                .map(FirstColumn.NUMBER)
                .stream()
                .map(place -> people.get(place.intValue() - 1))
                .collect(Collectors.toSet());
    }

    private static @Nullable String[] texts(List<UserProfile> people, Function<UserProfile, @Nullable String> part) {
        return people.stream().map(part).toArray(String[]::new);
    }

    private static final String PUT = """
            INSERT INTO app_user AS known (id, name, image_url) VALUES (:id, :name, :imageUrl)
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name,
                image_url = CASE WHEN excluded.image_url IS NULL AND known.image_url !~* '^http(s|)://' THEN known.image_url
                                 ELSE excluded.image_url END
            WHERE known.name IS DISTINCT FROM excluded.name OR known.image_url IS DISTINCT FROM excluded.image_url
            """;

    void put(UserProfile profile) {
        handle.createUpdate(PUT)
                .bind("id", profile.id().value())
                .bind("name", profile.name())
                .bind("imageUrl", profile.imageUrl())
                .execute();
    }
}
