package com.cove.db.key;

import com.cove.db.sql.Transactions;
import com.cove.model.key.SharedKeys;
import com.cove.model.key.SigningKeys;
import java.util.Optional;

/** Google's keys for Firebase's ID tokens, shared by all programs on one database (docs/adr/0032-shared-keys.md). */
public final class KeyStore implements SharedKeys {
    private static final String ISSUER = "https://securetoken.google.com";

    private final Transactions transactions;

    public KeyStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Optional<SigningKeys> find() {
        return transactions.single(handle -> new KeyDao(handle).find(ISSUER));
    }

    @Override
    public void put(SigningKeys keys) {
        transactions.single(handle -> {
            new KeyDao(handle).put(ISSUER, keys);
            return true;
        });
    }
}
