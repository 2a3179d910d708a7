package com.cove.socket;

import static org.awaitility.Awaitility.await;

import com.cove.db.Relay;
import com.cove.db.RestartablePostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PostgreSQL goes away, or refuses to work, and comes back, while people talk. */
class DatabaseOutageTest {
    /** The pool's wait for a connection, a send's patience and the driver's wait for an answer are all shorter. */
    private static final long LONG_SECONDS = 8;

    private static RestartablePostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = RestartablePostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void aRestartAfterLongerThanAnyTimeoutIsSurvived() throws IOException {
        try (Outage outage = new Outage(postgres.config())) {
            long start = System.nanoTime();
            postgres.stop();
            outage.newcomer();
            outage.awaitHealth("down");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LONG_SECONDS));
            postgres.startAgain();
            outage.judge();
        }
    }

    @Test
    void aCrashIsSurvived() throws IOException {
        try (Outage outage = new Outage(postgres.config())) {
            postgres.kill();
            outage.newcomer();
            outage.awaitRefusals();
            postgres.startAgain();
            outage.judge();
        }
    }

    @Test
    void connectionsThatAreKilledAgainAndAgainAreReplaced() throws IOException {
        try (Outage outage = new Outage(postgres.config())) {
            for (int round = 0; round < 15; round++) {
                endSessions();
                outage.newcomer();
                outage.awaitProgress();
            }
            outage.judge();
        }
    }

    @Test
    void aLineThatFallsSilentAndHealsIsSurvived() throws IOException {
        try (Relay relay = new Relay(postgres.port());
                Outage outage = new Outage(postgres.config("127.0.0.1:" + relay.port(), ""))) {
            relay.fallSilent();
            outage.newcomer();
            outage.awaitHealth("down");
            outage.awaitRefusals();
            relay.heal();
            outage.judge();
        }
    }

    @Test
    void aDatabaseThatIsReadOnlySaysSoAndStillLetsRead() throws IOException {
        try (Outage outage = new Outage(postgres.config())) {
            set("default_transaction_read_only = on");
            outage.awaitRefusals();
            outage.awaitHealth("read-only");
            outage.readable();
            set("default_transaction_read_only = off");
            outage.judge();
        }
    }

    @Test
    void noConnectionToBeHadIsUnavailable() throws IOException {
        try (Outage outage = new Outage(postgres.config())) {
            postgres.execute("ALTER DATABASE cove CONNECTION LIMIT 0");
            endSessions();
            outage.newcomer();
            outage.awaitRefusals();
            postgres.execute("ALTER DATABASE cove CONNECTION LIMIT -1");
            outage.judge();
        }
    }

    @Test
    void aFullDiskSaysSoAndEndsWithRoomOnIt() throws IOException {
        try (SmallDisk disk = new SmallDisk(postgres);
                Outage outage = new Outage(postgres.config())) {
            disk.fill();
            outage.awaitRefusals();
            outage.awaitHealth("full");
            outage.readable();
            disk.makeRoom();
            outage.judge();
        }
    }

    /** As in a failover, during which the new primary is a replica yet. */
    @Test
    void aStandbyIsLeftAloneUntilItIsPromoted() throws IOException {
        try (Outage outage = new Outage(postgres.config())) {
            postgres.stop();
            outage.newcomer();
            postgres.startAsStandby();
            outage.awaitRefusals();
            outage.awaitHealth("read-only");
            postgres.execute("SELECT pg_promote()");
            // Another timeline is another history, in which everything may come a second time.
            outage.judgeButRepeated();
        }
    }

    /** {@code statement_timeout}, shorter than it is so that the test is. */
    @Test
    void statementsThatTakeTooLongAreUnavailable() throws IOException {
        String hurry = "?options=-c%20statement_timeout%3D300";
        try (Outage outage = new Outage(postgres.config("localhost:" + postgres.port(), hurry))) {
            postgres.execute("""
                    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$;
                    CREATE TRIGGER dawdle BEFORE INSERT ON message EXECUTE FUNCTION dawdle()""");
            outage.awaitRefusals();
            postgres.execute("DROP TRIGGER dawdle ON message; DROP FUNCTION dawdle");
            outage.judge();
        }
    }

    /** Others may have been in its transaction, once; from then on they pass it by. */
    @Test
    void aThreadThatSomebodyKeepsLockedHoldsUpNobodyForLong() throws Exception {
        String hurry = "?options=-c%20lock_timeout%3D1000";
        try (Outage outage = new Outage(postgres.config("localhost:" + postgres.port(), hurry))) {
            try (Connection other = postgres.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT 1 FROM thread WHERE id = '" + outage.someThread() + "' FOR UPDATE");
                outage.awaitRefusalsInThatThread(2);
                outage.awaitOthers(50);
                outage.awaitRefusalsInThatThread(2);
                other.rollback();
            }
            outage.judge();
        }
    }

    /** For all sessions, those that are open too. */
    private static void set(String setting) {
        postgres.execute("ALTER SYSTEM SET " + setting);
        postgres.execute("SELECT pg_reload_conf()");
    }

    private static void endSessions() {
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'cove'");
    }
}
