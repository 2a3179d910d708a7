package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pool whose first connection breaks while the library asks it for its isolation, as when PostgreSQL takes a second for the answer. */
@ExtendWith(TestDatabaseExtension.class)
class FirstConnectionTest {
    private static final int ATTEMPTS = 3;
    private static final String FIRST_QUESTION = "SHOW TRANSACTION ISOLATION LEVEL";

    @Test
    void theNextOneIsAsGoodAsAny(TestDatabase test) throws IOException {
        try (Relay relay = losing(test);
                HikariDataSource pool = Pool.open(DatabaseConfig.of(through(relay, test)))) {
            assertThat(lastTrouble(pool)).isNull();
            assertThat(relay.lost()).isTrue();
        }
    }

    /** Once this fails, the library has been mended, and {@link Pool} need not name the isolation any more. */
    @Test
    void theLibraryByItselfWouldNeverConnect(TestDatabase test) throws IOException {
        DatabaseConfig config = test.config();
        HikariConfig plain = new HikariConfig();
        plain.setInitializationFailTimeout(-1);
        plain.setConnectionTimeout(1_000);
        plain.setUsername(config.user());
        plain.setPassword(config.password());
        try (Relay relay = losing(test)) {
            plain.setJdbcUrl(DatabaseConfig.of(through(relay, test)).url());
            try (HikariDataSource pool = new HikariDataSource(plain)) {
                assertThat(lastTrouble(pool)).hasRootCauseMessage("Transaction isolation level -1 not supported.");
            }
        }
    }

    private static Relay losing(TestDatabase test) throws IOException {
        Relay relay = new Relay(URI.create(test.url()).getPort());
        relay.loseCommitAfter(FIRST_QUESTION);
        return relay;
    }

    private static String through(Relay relay, TestDatabase test) {
        return test.url().replace(":" + URI.create(test.url()).getPort(), ":" + relay.port()) + "?sslmode=disable";
    }

    /** @return null once a connection answers, or why none of several did; each takes its time */
    private static @Nullable Throwable lastTrouble(HikariDataSource pool) {
        Throwable trouble = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
                return null;
            } catch (SQLException e) {
                trouble = e;
            }
        }
        return trouble;
    }
}
