package com.cove.db;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class DatabaseTest {
    private static final UserId ANN = new UserId("ann");

    private final TestDatabase test;
    private final Database db;

    DatabaseTest(TestDatabase test) {
        this.test = test;
        this.db = test.database();
    }

    @Test
    void itOpensWithoutAPostgresAndSaysUnavailable() throws IOException {
        int nobody = freePort();
        try (Database absent = Database.open(DatabaseConfig.of("postgresql://ann:pw@localhost:" + nobody + "/chat"))) {
            failsWith(ErrorCode.UNAVAILABLE, absent::check);
            failsWith(ErrorCode.UNAVAILABLE, () -> absent.presence().lastSeen(ANN));
        }
    }

    @Test
    void aPostgresThatFellSilentIsUnavailableWithinTwoSeconds() throws IOException {
        int port = URI.create(test.url()).getPort();
        try (Relay relay = new Relay(port);
                Database database =
                        Database.open(DatabaseConfig.of(test.url().replace(":" + port + "/", ":" + relay.port() + "/"))
                                .withPoolSize(1))) {
            database.check();
            relay.fallSilent();
            long start = System.nanoTime();
            failsWith(ErrorCode.UNAVAILABLE, database::check);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            // Or closing the pool would wait for an answer.
            relay.hangUp();
        }
    }

    /** While a database is silent somebody asks for its health every few seconds, for as long as it takes. */
    @Test
    void checksOfASilentPostgresEndByThemselves() throws Exception {
        int port = URI.create(test.url()).getPort();
        try (Relay relay = new Relay(port);
                Database database =
                        Database.open(DatabaseConfig.of(test.url().replace(":" + port + "/", ":" + relay.port() + "/"))
                                .withPoolSize(2))) {
            assertThat(database.condition()).isEqualTo(Condition.UP);
            relay.fallSilent();
            assertThat(database.condition()).isEqualTo(Condition.DOWN);
            long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            while (checksUnderWay() > 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(checksUnderWay()).isZero();
            relay.hangUp();
        }
    }

    private static long checksUnderWay() throws IOException {
        Path dump = Files.createTempDirectory("cove-threads").resolve("threads");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump)) {
            return lines.filter(line -> line.contains("database-check")).count();
        }
    }

    @Test
    void aHealthyDatabasePassesItsCheck() {
        db.check();
        assertThat(db.condition()).isEqualTo(Condition.UP);
    }

    @Test
    void aFullDiskIsRememberedForAMoment() throws Exception {
        UserId ann = test.user("ann");
        ThreadId thread = Conversation.direct(test, ann, test.user("bob")).id();
        test.execute("""
                CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$;
                CREATE TRIGGER no_room BEFORE INSERT ON message EXECUTE FUNCTION no_room()""");
        failsWith(ErrorCode.UNAVAILABLE, () -> Conversation.send(test, ann, thread, "hello"));
        assertThat(db.condition()).isEqualTo(Condition.FULL);
    }

    @Test
    void sessionsHaveTheirLimitsAndAName() {
        try (Handle handle = db.jdbi().open()) {
            assertThat(setting(handle, "statement_timeout")).isEqualTo("5s");
            assertThat(setting(handle, "lock_timeout")).isEqualTo("3s");
            assertThat(setting(handle, "idle_in_transaction_session_timeout")).isEqualTo("10s");
            assertThat(setting(handle, "application_name")).isEqualTo("cove");
            assertThat(setting(handle, "TimeZone"))
                    .as("not UTC, so that a forgotten zone shows")
                    .isEqualTo("Asia/Kolkata");
        }
    }

    @Test
    void optionsOfTheUrlAreAddedToOurs() {
        DatabaseConfig config =
                DatabaseConfig.of(test.url() + "?options=-c%20statement_timeout%3D7000&application_name=x");
        try (Database database = Database.open(config.withPoolSize(1));
                Handle handle = database.jdbi().open()) {
            assertThat(setting(handle, "statement_timeout")).isEqualTo("7s");
            assertThat(setting(handle, "lock_timeout")).isEqualTo("3s");
            assertThat(setting(handle, "application_name")).isEqualTo("x");
        }
    }

    @Test
    void aPoolInFullUseIsUnavailable() {
        try (Database small = Database.open(test.config().withPoolSize(1));
                Handle _ = small.jdbi().open()) {
            failsWith(ErrorCode.UNAVAILABLE, () -> small.presence().lastSeen(ANN));
        }
    }

    @Test
    void aLockThatNobodyReleasesIsUnavailable() throws SQLException {
        UserId bob = test.user("bob");
        ThreadId thread = Conversation.direct(test, test.user("ann"), bob).id();
        try (Connection other = test.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM thread FOR UPDATE");
            failsWith(ErrorCode.UNAVAILABLE, () -> Conversation.send(test, bob, thread, "hello"));
            other.rollback();
        }
        assertThat(Conversation.send(test, bob, thread, "hello").message().seq())
                .isEqualTo(1);
    }

    @Test
    void aReadOnlyDatabaseIsUnavailableToWritersAndLeftForItsSuccessor() {
        test.user("ann");
        String name = test.ask("SELECT current_database()");
        test.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        try (Database replica = Database.open(test.config().withPoolSize(1))) {
            assertThat(replica.condition()).isEqualTo(Condition.READ_ONLY);
            assertThat(replica.threads().list(ANN, new ListThreads(null, null)).threads())
                    .isEmpty();
            // From now on new sessions may write; the one in the pool still may not.
            TestDatabase.administer("ALTER DATABASE " + name + " RESET default_transaction_read_only");
            failsWith(ErrorCode.UNAVAILABLE, () -> replica.users().provision(new UserProfile(ANN, "new", null)));
            replica.users().provision(new UserProfile(ANN, "new", null));
        }
    }

    @Test
    void connectionsThatTheServerEndedAreReplaced() {
        test.user("ann");
        db.check();
        test.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        for (int attempt = 0; attempt < 25; attempt++) {
            try {
                db.presence().lastSeen(ANN);
                return;
            } catch (AppException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            }
        }
        assertThat(false).as("no connection came back").isTrue();
    }

    @Test
    void aFaultOfOursIsNoAppExceptionAndQuotesNoContent() {
        UserId ann = test.user("ann");
        ThreadId thread = Conversation.direct(test, ann, test.user("bob")).id();
        test.execute("ALTER TABLE message ADD CONSTRAINT message_no_secret CHECK (content <> 'my secret')");
        assertThatThrownBy(() -> Conversation.send(test, ann, thread, "my secret"))
                .isInstanceOf(RuntimeException.class)
                .isNotInstanceOf(AppException.class)
                .hasStackTraceContaining("message_no_secret")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("my secret"));
    }

    @Test
    void aConnectionThatIsKeptIsFoundWhenTheDatabaseIsClosed() {
        TestDatabase leaking = TestDatabase.create();
        Handle kept = leaking.database().jdbi().open();
        assertThatThrownBy(leaking::close).isInstanceOf(AssertionError.class).hasMessageContaining("left in use");
        assertThat(kept).isNotNull();
    }

    private static String stackTrace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String setting(Handle handle, String name) {
        return handle.createQuery("SELECT current_setting(:name)")
                .bind("name", name)
                .mapTo(String.class)
                .one();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
