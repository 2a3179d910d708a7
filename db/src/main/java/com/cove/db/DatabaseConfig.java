package com.cove.db;

import com.cove.model.config.AwsSecret;
import com.cove.model.config.Environment;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    static final String SECRET = "RDS_MASTER_SECRET_ARN";

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
     * {@code jdbc:postgresql:…}). With {@code RDS_MASTER_SECRET_ARN} user and password come from that secret, and
     * whatever credentials the URL has are left unused; without a URL it is {@code RDS_ENDPOINT} (host, or host:port)
     * and {@code RDS_DATABASE} ({@code cove}). A connection to another machine is encrypted, and its server verified.
     *
     * @throws com.cove.model.config.ConfigException naming every problem and showing no secret
     */
    public static DatabaseConfig fromEnvironment(Map<String, String> variables) {
        Environment env = new Environment(variables);
        Optional<DatabaseConfig> config = DatabaseAddress.from(env)
                .map(plain -> new DatabaseConfig(
                        plain.url,
                        plain.user,
                        plain.password,
                        DatabaseTls.required(plain.url, plain.properties, env),
                        plain.poolSize));
        Optional<AwsSecret> secret = AwsSecret.from(env, SECRET);
        env.check();
        return secret.map(config.orElseThrow()::withSecret).orElseGet(config::orElseThrow);
    }

    /**
     * For a developer's machine: {@code DATABASE_URL} as it is, encrypted or not.
     *
     * @throws IllegalArgumentException one sentence that names the variable and shows no secret
     */
    public static DatabaseConfig forLocalUse(Map<String, String> variables) {
        return of(variables.getOrDefault("DATABASE_URL", "").strip());
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

    /** Which secret that is. */
    AwsSecret secret() {
        return new AwsSecret(SECRET, Objects.requireNonNull(user));
    }

    private DatabaseConfig withSecret(AwsSecret secret) {
        String secretUrl = url.replaceFirst("^jdbc:postgresql:", SECRET_URL_PREFIX);
        return new DatabaseConfig(secretUrl, secret.id(), null, properties, poolSize);
    }

    /** Without the password, and without properties, which may hold one (of a key). */
    @Override
    public String toString() {
        return "DatabaseConfig[url=" + url + ", user=" + user + ", poolSize=" + poolSize + "]";
    }
}
