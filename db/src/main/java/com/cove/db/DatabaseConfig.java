package com.cove.db;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which database, as whom.
 *
 * @param url a JDBC URL without parameters
 * @param user null where the driver's default applies
 * @param password null where none is needed, or where the driver fetches it
 * @param properties the driver's own settings, such as {@code sslmode}
 * @param poolSize connections at most
 */
public record DatabaseConfig(
        String url, @Nullable String user, @Nullable String password, Map<String, String> properties, int poolSize) {
    private static final int DEFAULT_POOL_SIZE = 10;
    private static final String SECRET_URL_PREFIX = "jdbc-secretsmanager:postgresql:";

    public DatabaseConfig {
        properties = Map.copyOf(properties);
        if (poolSize < 1) {
            throw new IllegalArgumentException("a pool needs at least one connection");
        }
    }

    /**
     * Reads {@code DATABASE_URL} ({@code postgresql://user:password@host:port/database?…}, {@code postgres://…} or
     * {@code jdbc:postgresql:…}). With {@code RDS_MASTER_SECRET_ARN} user and password come from that secret, at every
     * new connection, and whatever credentials the URL has are left unused; without a URL it is
     * {@code RDS_ENDPOINT} (host, or host:port) and {@code RDS_DATABASE} ({@code cove}).
     *
     * @throws IllegalArgumentException one sentence that names the variable and shows no secret
     */
    public static DatabaseConfig fromEnvironment(Map<String, String> environment) {
        String url = environment.getOrDefault("DATABASE_URL", "").strip();
        String secret = environment.getOrDefault("RDS_MASTER_SECRET_ARN", "").strip();
        if (secret.isEmpty()) {
            return of(url);
        }
        String endpoint = environment.getOrDefault("RDS_ENDPOINT", "").strip();
        if (url.isEmpty() && endpoint.isEmpty()) {
            throw new IllegalArgumentException(
                    "RDS_MASTER_SECRET_ARN needs DATABASE_URL or RDS_ENDPOINT to say where the database is.");
        }
        String database = environment.getOrDefault("RDS_DATABASE", "cove");
        return of(url.isEmpty() ? "postgresql://" + endpoint + "/" + database : url)
                .withSecret(secret);
    }

    /** Reads a URL in one of the forms of {@code DATABASE_URL}. */
    public static DatabaseConfig of(String databaseUrl) {
        DatabaseUrl url = DatabaseUrl.parse(databaseUrl);
        return new DatabaseConfig(url.jdbcUrl(), url.user(), url.password(), url.properties(), DEFAULT_POOL_SIZE);
    }

    public DatabaseConfig withPoolSize(int connections) {
        return new DatabaseConfig(url, user, password, properties, connections);
    }

    /** True where the driver takes user and password from AWS Secrets Manager; {@link #user} is the secret's ARN. */
    boolean fromSecretsManager() {
        return url.startsWith(SECRET_URL_PREFIX);
    }

    private DatabaseConfig withSecret(String arn) {
        Map<String, String> encrypted = new TreeMap<>(properties);
        // The password travels to another machine: never in the clear, unless somebody says so.
        encrypted.putIfAbsent("sslmode", "require");
        String secretUrl = url.replaceFirst("^jdbc:postgresql:", SECRET_URL_PREFIX);
        return new DatabaseConfig(secretUrl, arn, null, encrypted, poolSize);
    }

    /** Without the password, and without properties, which may hold one (of a key). */
    @Override
    public String toString() {
        return "DatabaseConfig[url=" + url + ", user=" + user + ", poolSize=" + poolSize + "]";
    }
}
