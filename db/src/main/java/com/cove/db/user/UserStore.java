package com.cove.db.user;

import com.cove.db.sql.SharedLook;
import com.cove.db.sql.Transactions;
import com.cove.model.user.UserProfile;
import org.jspecify.annotations.Nullable;

/** People: who they are. */
public final class UserStore {
    private static final int MAX_NAME_CODE_POINTS = 200;
    private static final int MAX_IMAGE_URL_CHARS = 2_048;

    private final Transactions transactions;
    private final SharedLook<UserProfile, Boolean> known;

    public UserStore(Transactions transactions) {
        this.transactions = transactions;
        this.known = new SharedLook<>(
                people -> transactions.single(handle -> new UserDao(handle).current(people))::contains);
    }

    /**
     * Makes a person known, or their new name and picture. Where nothing changed nothing is written: this runs with
     * every connection and call, and a write would hold back everybody's cursors. A picture that is stored as a bucket's key, by
     * whoever uploads pictures, stays until a token brings one.
     */
    public void provision(UserProfile profile) {
        UserProfile claims = storable(profile);
        if (!known.get(claims)) {
            transactions.single(handle -> {
                new UserDao(handle).put(claims);
                return true;
            });
        }
    }

    /** Whether somebody is known by this name and picture: what {@link #provision} finds out first. Writes nothing. */
    public boolean knows(UserProfile profile) {
        return known.get(storable(profile));
    }

    private static UserProfile storable(UserProfile profile) {
        return new UserProfile(profile.id(), storableName(profile.name()), storableImageUrl(profile.imageUrl()));
    }

    /** Claims are whatever the identity provider let through: nobody is locked out for an odd name, it is cut to fit. */
    private static @Nullable String storableName(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return name.codePoints()
                .filter(UserStore::storable)
                .limit(MAX_NAME_CODE_POINTS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Half an address is none: one that cannot be stored as it is counts as absent. */
    private static @Nullable String storableImageUrl(@Nullable String url) {
        boolean fits = url != null
                && url.length() <= MAX_IMAGE_URL_CHARS
                && url.codePoints().allMatch(UserStore::storable);
        return fits ? url : null;
    }

    /** PostgreSQL stores no NUL; a lone surrogate has no UTF-8 form. */
    private static boolean storable(int codePoint) {
        return codePoint != 0 && Character.getType(codePoint) != Character.SURROGATE;
    }
}
