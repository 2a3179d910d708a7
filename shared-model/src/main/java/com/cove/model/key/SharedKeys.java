package com.cove.model.key;

import com.cove.model.error.AppException;
import java.util.Optional;

/** Where those who verify tokens leave the signer's keys for each other, so that not each has to fetch them. May block; any thread. */
public interface SharedKeys {
    /**
     * The newest that anybody left.
     *
     * @throws AppException {@code unavailable}
     */
    Optional<SigningKeys> find();

    /**
     * Leaves these, unless there are some that stay fresh for longer.
     *
     * @throws AppException {@code unavailable}
     */
    void put(SigningKeys keys);

    /** For whoever shares with nobody. */
    static SharedKeys none() {
        return new SharedKeys() {
            @Override
            public Optional<SigningKeys> find() {
                return Optional.empty();
            }

            @Override
            public void put(SigningKeys keys) {}
        };
    }
}
