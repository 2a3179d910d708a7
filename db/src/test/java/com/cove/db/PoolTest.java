package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolTest {
    private static final DatabaseConfig NOWHERE = DatabaseConfig.of("jdbc:postgresql://127.0.0.1:1/none");

    /** The library would copy its settings by itself, and ask no more whether they fit together. */
    @ParameterizedTest
    @CsvSource({"7, 7", "2, 1", "1, 1"})
    void aPoolHasTheSettingsThatItIsGiven(int size, int idle) throws SQLException {
        try (HikariDataSource pool = Pool.open(NOWHERE.withPoolSize(size))) {
            assertThat(pool.getMaximumPoolSize()).isEqualTo(size);
            assertThat(pool.getMinimumIdle()).isEqualTo(idle);
            assertThat(pool.getPoolName()).isEqualTo("cove-db");
            assertThat(pool.getConnectionTimeout()).isEqualTo(2_000);
            assertThat(pool.getValidationTimeout()).isEqualTo(1_000);
            assertThat(pool.getInitializationFailTimeout()).isEqualTo(-1);
            assertThat(pool.getExceptionOverride()).isNotNull();
            assertThat(pool.getTransactionIsolation()).isEqualTo("TRANSACTION_READ_COMMITTED");
            assertThat(pool.getDataSource()).isInstanceOf(Connector.class);
            assertThat(pool.getLoginTimeout()).isEqualTo(5);
        }
    }

    @Test
    void aPoolBeginsAtOnce() {
        try (HikariDataSource pool = Pool.open(NOWHERE)) {
            assertThat(pool.getHikariPoolMXBean()).isNotNull();
        }
    }
}
