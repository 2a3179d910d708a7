package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.user.UserId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections that rested, and those that are put away. */
@ExtendWith(TestDatabaseExtension.class)
class RestedConnectionsTest {
    private static final UserId ANN = new UserId("ann");

    private volatile Instant now = Instant.now();

    /** By the time of day: the JVM's other clock may have stood still. */
    @Test
    void afterAnHourDeadConnectionsAreNotEvenAsked(TestDatabase test) throws IOException {
        URI url = URI.create(test.url());
        try (Relay relay = new Relay(url.getPort());
                Database database = Database.open(
                        DatabaseConfig.of(test.url().replace(":" + url.getPort(), ":" + relay.port())
                                        + "?sslmode=disable")
                                .withPoolSize(2),
                        () -> now)) {
            database.presence().lastSeen(ANN);
            relay.forget();
            now = now.plus(Duration.ofHours(1));

            database.presence().lastSeen(ANN);

            assertThat(relay.wasAskedOnForgotten()).isFalse();
        }
    }

    @Test
    void aClockThatIsSetBackIsARestToo(TestDatabase test) throws IOException {
        try (Database database = Database.open(
                DatabaseConfig.of(test.url() + "?sslmode=disable&ApplicationName=rested")
                        .withPoolSize(1),
                () -> now)) {
            database.presence().lastSeen(ANN);
            String before = pid(test);
            now = now.plus(Connections.TRUSTED);
            database.presence().lastSeen(ANN);
            assertThat(pid(test)).as("a minute is no rest").isEqualTo(before);
            now = now.minus(Duration.ofHours(1));
            database.presence().lastSeen(ANN);
            assertThat(pid(test)).isNotEqualTo(before);
        }
    }

    /** In a copy that begins with them they would connect, and in a snapshot that is still to be taken, too. */
    @Test
    void whatIsPutAwayHasNoThreads(TestDatabase test) throws InterruptedException {
        Set<Thread> before = poolThreads();
        try (Database database =
                Database.open(DatabaseConfig.of(test.url() + "?sslmode=disable").withPoolSize(2))) {
            database.presence().lastSeen(ANN);
            Set<Thread> made = poolThreads();
            made.removeAll(before);
            assertThat(made).isNotEmpty();

            database.disconnect();

            for (Thread each : made) {
                assertThat(each.join(Duration.ofSeconds(10)))
                        .as("%s ended", each)
                        .isTrue();
            }
        }
    }

    @Test
    void whatIsPutAwayHasNoConnectionsAndOpensThemAgain(TestDatabase test) {
        try (Database database = Database.open(DatabaseConfig.of(test.url() + "?sslmode=disable&ApplicationName=rested")
                .withPoolSize(2))) {
            database.presence().lastSeen(ANN);
            database.disconnect();
            database.disconnect();
            assertThat(test.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rested'"))
                    .isEqualTo("0");

            database.connect();
            database.presence().lastSeen(ANN);
            database.disconnect();
            database.presence().lastSeen(ANN);
        }
    }

    private static Set<Thread> poolThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cove-db:"))
                .collect(Collectors.toSet());
    }

    private static String pid(TestDatabase test) {
        return test.ask("SELECT max(backend_start) FROM pg_stat_activity WHERE application_name = 'rested'");
    }
}
