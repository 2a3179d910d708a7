package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.key.SigningKeys;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class KeyStoreTest {
    private final Database db;

    KeyStoreTest(TestDatabase test) {
        this.db = test.database();
    }

    @Test
    void theNewestKeysAreFound() {
        assertThat(db.keys().find()).isEmpty();

        Map<String, String> first = Map.of("a", "AAAA", "b \"<&>' ☃", "BBBB");
        db.keys().put(new SigningKeys(first, Duration.ofHours(2)));
        SigningKeys found = db.keys().find().orElseThrow();
        assertThat(found.keys()).isEqualTo(first);
        assertThat(found.freshFor()).isBetween(Duration.ofMinutes(115), Duration.ofHours(2));

        db.keys().put(new SigningKeys(Map.of("old", "AAAA"), Duration.ofHours(1)));
        assertThat(db.keys().find().orElseThrow().keys())
                .as("older ones change nothing")
                .isEqualTo(first);

        Map<String, String> second = Map.of("c", "CCCC");
        db.keys().put(new SigningKeys(second, Duration.ofHours(3)));
        assertThat(db.keys().find().orElseThrow().keys()).isEqualTo(second);
    }

    @Test
    void keysThatHaveGrownOldAreFoundToo() {
        db.keys().put(new SigningKeys(Map.of("a", "AAAA"), Duration.ofMinutes(-5)));

        assertThat(db.keys().find().orElseThrow().freshFor())
                .isBetween(Duration.ofMinutes(-10), Duration.ofMinutes(-5));
    }
}
