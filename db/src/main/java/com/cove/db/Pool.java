package com.cove.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The settings of connections and of the pool, each with its reason. */
final class Pool {
    /**
     * Limits that PostgreSQL keeps itself, so that nothing we started runs on after we gave up: a statement 5 s, a wait
     * for a lock 3 s, a transaction that we abandoned 10 s. And the price of a random page on solid-state storage: the
     * default, of spinning disks, makes the planner read a whole table rather than a few hundred rows by index. And one plan
     * for a prepared statement, whatever its values: left to itself, PostgreSQL plans the larger ones anew each time, which
     * costs a single send as much again as running it. And no such plan that reads a whole table while an index would do:
     * one that was made when the table was empty is kept while it grows, a minute and more. And nothing is compiled: to
     * PostgreSQL 17 and older, what cannot but read a small table would look dear enough for that. {@code QueryPlanTest} looks at every plan.
     */
    private static final String SESSION_SETTINGS = "-c statement_timeout=5000 -c lock_timeout=3000"
            + " -c idle_in_transaction_session_timeout=10000 -c random_page_cost=1.1"
            + " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

    /** What a URL may override. Times in seconds. */
    private static final Map<String, String> DRIVER_DEFAULTS = Map.of(
            "ApplicationName", "cove",
            "connectTimeout", "2",
            // Longer than a caller waits: a login that a busy machine delays is better late than begun again and again.
            "loginTimeout", "5",
            // Longer than any statement may take: only a server that vanished without a word runs into it.
            "socketTimeout", "7",
            "tcpKeepAlive", "true",
            // PostgreSQL's details quote the row at fault, and its message's content would come into a log.
            "logServerErrorDetail", "false",
            // From the third execution on a connection: the same few statements make up all the traffic.
            "prepareThreshold", "3",
            // Beside those that the driver sends so by itself.
            "binaryTransferEnable", "UUID_ARRAY");

    private static final int ONE_AT_A_TIME = 2;

    private Pool() {}

    /** Opens without a database too; the pool keeps trying. */
    static HikariDataSource open(DatabaseConfig config) {
        Properties driver = new Properties();
        driver.putAll(DRIVER_DEFAULTS);
        driver.putAll(config.properties());
        driver.setProperty("options", options(SESSION_SETTINGS, config));
        Connector connector = new Connector(config, driver);
        return new HikariDataSource(new Settings(pool -> configure(pool, connector, config.poolSize())));
    }

    /** No pool, and without our limits but that of locks, since an index on a large table takes its time. Connects within 10 s or not at all. */
    static DataSource forMigrations(DatabaseConfig config) {
        Properties properties = new Properties();
        properties.put("ApplicationName", "cove-migrations");
        properties.put("connectTimeout", "10");
        properties.put("loginTimeout", "10");
        properties.put("tcpKeepAlive", "true");
        properties.put("logServerErrorDetail", "false");
        properties.putAll(config.properties());
        // Whoever waits for a lock makes everybody else wait behind it.
        properties.put("options", options("-c lock_timeout=5000", config));
        return new Connector(config, properties);
    }

    private static void configure(HikariConfig pool, Connector connector, int size) {
        pool.setPoolName("cove-db");
        pool.setDataSource(connector);
        pool.setMaximumPoolSize(size);
        if (size <= ONE_AT_A_TIME) {
            // Who answers one request at a time makes a second connection only where the first is left in use; and of
            // several
            // that died in a frozen process, finding out would take a second each.
            pool.setMinimumIdle(1);
        }
        pool.setInitializationFailTimeout(-1);
        // A caller that found no connection for 2 s is told so: waiting longer only lengthens the queue.
        pool.setConnectionTimeout(2_000);
        pool.setValidationTimeout(1_000);
        pool.setExceptionOverride(new LeaveReplicas());
        // The default, and what the stores count on whatever a URL asks for. Named, because the library asks its first
        // connection for it, once: did that break meanwhile, HikariCP 7.1 would set -1 on each later one, and never
        // have any (FirstConnectionTest).
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    }

    /** Settings that a pool is given by calls: the library copies them by reflection, for which the JVM has to make classes at every start. */
    private static final class Settings extends HikariConfig {
        private final Consumer<HikariConfig> all;

        Settings(Consumer<HikariConfig> all) {
            this.all = all;
            all.accept(this);
        }

        @java.lang.Override
        public void copyStateTo(HikariConfig other) {
            all.accept(other);
            other.validate();
        }
    }

    /** Ours first: of two settings of one name the later holds, so a URL's options win. */
    private static String options(String ours, DatabaseConfig config) {
        return (ours + " " + config.properties().getOrDefault("options", "")).strip();
    }

    /** After a failover the old primary may live on as a replica: a connection that shows it to be one is left. */
    private static final class LeaveReplicas implements SQLExceptionOverride {
        /** read_only_sql_transaction, and "recovery is in progress". */
        private static final Set<String> REPLICA = Set.of("25006", "55000");

        @java.lang.Override // the interface has a type of the same name
        public Override adjudicate(SQLException failure) {
            return REPLICA.contains(String.valueOf(failure.getSQLState()))
                    ? Override.MUST_EVICT
                    : Override.CONTINUE_EVICT;
        }
    }
}
