package com.cove.db;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a pool's connections, and says in the log why there are none: once, and again when the reason is another. Called by the pool's own
 * threads.
 */
final class Connector implements DataSource {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    /** The state of what carries none of PostgreSQL's. */
    private static final String UNREACHABLE = "08001";

    private final DatabaseConfig config;
    private final Properties properties = new Properties();
    private final Driver driver;
    private final @Nullable DatabaseSecret secret;
    private @Nullable String trouble;

    /** Connects to nothing yet. */
    Connector(DatabaseConfig config, Properties settings) {
        this.config = config;
        properties.putAll(settings);
        if (config.user() != null) {
            properties.setProperty("user", config.user());
        }
        if (config.password() != null) {
            properties.setProperty("password", config.password());
        }
        secret = config.fromSecretsManager() ? DatabaseSecret.of(config.secret()) : null;
        driver = secret == null ? driver() : secret.driver();
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection connection = driver.connect(config.url(), properties);
            if (connection == null) {
                throw new SQLException("no address of a PostgreSQL", UNREACHABLE);
            }
            works();
            return connection;
        } catch (SQLException | RuntimeException e) {
            String sentence = sentence(e);
            fails(sentence);
            // Not the cause: what PostgreSQL and the parser of a secret say may quote from it.
            String state = e instanceof SQLException sql ? sql.getSQLState() : null;
            throw new NoConnection(sentence, state == null ? UNREACHABLE : state);
        }
    }

    /** By name: java.sql would look into every jar for drivers. */
    private static Driver driver() {
        try {
            return Class.forName("org.postgresql.Driver")
                    .asSubclass(Driver.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver of PostgreSQL is missing", e);
        }
    }

    private String sentence(Exception failure) {
        String sentence = ConnectionTrouble.sentence(failure);
        if (secret == null || !ConnectionTrouble.isRefusal(failure)) {
            return sentence;
        }
        boolean elsewhere =
                secret.host().filter(host -> !config.url().contains(host)).isPresent();
        return sentence + " of the secret of " + DatabaseConfig.SECRET
                + (elsewhere ? "; it says that it is for another host" : "")
                + secret.fault().map(fault -> "; " + fault).orElse("");
    }

    private synchronized void fails(String sentence) {
        if (!sentence.equals(trouble)) {
            trouble = sentence;
            log.atWarn().addKeyValue("problem", sentence).log("no connection to the database");
        }
    }

    private synchronized void works() {
        if (trouble != null) {
            trouble = null;
            log.atInfo().log("connected to the database again");
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("user and password are in the configuration");
    }

    /** As the pool sets it for a driver. */
    @Override
    public void setLoginTimeout(int seconds) {
        properties.putIfAbsent("loginTimeout", Integer.toString(seconds));
    }

    @Override
    public int getLoginTimeout() {
        return Integer.parseInt(properties.getProperty("loginTimeout", "0"));
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) {
        // the driver logs by itself
    }

    @Override
    public java.util.logging.Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> kind) throws SQLException {
        return Optional.of(this)
                .filter(kind::isInstance)
                .map(kind::cast)
                .orElseThrow(() -> new SQLException("it wraps nothing"));
    }

    @Override
    public boolean isWrapperFor(Class<?> kind) {
        return kind.isInstance(this);
    }
}
