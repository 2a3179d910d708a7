package com.cove.db;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL with TLS, by the name of another machine: whom a production's configuration believes, and what it says of the rest. */
class DatabaseTlsTest {
    private static final String HOST = "db.cove.example";

    private static EmbeddedPostgres postgres;
    private static Path data;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        data = folder.resolve("data");
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setPGStartupWait(TestDatabase.STARTUP)
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @AfterEach
    void trustTheUsual() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
    }

    @Test
    void aServerThatProvesItsNameIsBelieved() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "An authority that the JVM knows");
        serve(authority.server(HOST, false));
        trust(authority);

        assertThatCode(() -> connect(HOST, "")).doesNotThrowAnyException();
        refused("other.cove.example", "", "The certificate of PostgreSQL is for another name than the one in the URL");
    }

    @Test
    void theAuthorityOfTheUrlWins() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "An authority of one's own");
        serve(authority.server(HOST, false));
        String rootCert = "&sslrootcert=" + authority.rootPem();

        assertThatCode(() -> connect(HOST, rootCert)).doesNotThrowAnyException();
        refused(
                "other.cove.example",
                rootCert,
                "The certificate of PostgreSQL is for another name than the one in the URL");
        refused(
                HOST,
                "",
                "The certificate of PostgreSQL is from an authority that is not trusted here: sslrootcert in the"
                        + " URL names another");
        assertThatCode(() -> connect(HOST, "&sslmode=require")).doesNotThrowAnyException();
    }

    /** Its name alone opens nothing. */
    @Test
    void whoCallsHimselfAmazonIsNotBelieved() throws Exception {
        serve(TestAuthority.create(folder, "Amazon RDS eu-central-1 Root CA RSA2048 G1")
                .server(HOST, false));

        refused(
                HOST,
                "",
                "The certificate of PostgreSQL is from an authority that is not trusted here: sslrootcert in the"
                        + " URL names another");
    }

    @Test
    void anExpiredCertificateIsNotBelieved() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "An authority that the JVM knows");
        serve(authority.server(HOST, true));
        trust(authority);

        refused(HOST, "", "The certificate of PostgreSQL has expired, or the clock here is wrong");
    }

    @Test
    void nothingIsSentInClear() throws Exception {
        configure("ssl = off");

        refused(HOST, "", "PostgreSQL offers no TLS, and without it nothing is sent to another machine");
        assertThatThrownBy(() -> Migrations.status(config(HOST, "")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("PostgreSQL offers no TLS");
        assertThatCode(() -> connect("localhost", "")).doesNotThrowAnyException();
    }

    private static void serve(TestAuthority.ServerFiles files) throws IOException, SQLException {
        files.copyTo(data);
        configure("ssl = on");
    }

    private static void configure(String setting) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET " + setting);
            statement.execute("SELECT pg_reload_conf()");
            // The postmaster has read it once it answers a new connection with the new value.
            while (!shows(setting)) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean shows(String setting) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW ssl")) {
            return rows.next() && setting.equals("ssl = " + rows.getString(1));
        }
    }

    private static void trust(TestAuthority authority) throws IOException, GeneralSecurityException {
        System.setProperty("javax.net.ssl.trustStore", authority.trustStore().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", TestAuthority.password());
    }

    private static DatabaseConfig config(String host, String parameters) {
        return DatabaseConfig.fromEnvironment(Map.of(
                        "DATABASE_URL",
                        "jdbc:postgresql://" + host + ":" + postgres.getPort()
                                + "/postgres?user=postgres&socketFactory=" + LoopbackSockets.class.getName()
                                + parameters))
                .withPoolSize(1);
    }

    private static void connect(String host, String parameters) throws SQLException {
        DatabaseConfig config = config(host, parameters);
        java.util.Properties properties = new java.util.Properties();
        properties.putAll(config.properties());
        new Connector(config, properties).getConnection().close();
    }

    private static void refused(String host, String parameters, String sentence) {
        assertThatThrownBy(() -> connect(host, parameters))
                .isInstanceOf(SQLException.class)
                .hasMessage(sentence)
                .hasNoCause();
    }
}
