package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.key.SigningKeys;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class KeyStoreTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

    private final Database db;

    KeyStoreTest(TestDatabase test) {
        this.db = test.database();
    }

    @Test
    void theNewestKeysAreFound() {
        SigningKeys first = new SigningKeys(Map.of("a", "AAAA", "b \"<&>' ☃", "BBBB"), NOON);
        db.keys().put(first);
        assertThat(db.keys().find()).contains(first);

        db.keys().put(new SigningKeys(Map.of("old", "AAAA"), NOON.minusMillis(1)));
        assertThat(db.keys().find()).as("older ones change nothing").contains(first);

        SigningKeys second = new SigningKeys(Map.of("c", "CCCC"), NOON.plusMillis(1));
        db.keys().put(second);
        assertThat(db.keys().find()).contains(second);
    }
}
