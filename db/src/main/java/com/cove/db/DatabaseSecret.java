package com.cove.db;

import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import com.amazonaws.secretsmanager.sql.AWSSecretsManagerPostgreSQLDriver;
import com.cove.model.config.AwsSecret;
import com.cove.model.error.AppException;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/**
 * User and password for the driver of aws-secretsmanager-jdbc, which asks here before every connection, and for others when PostgreSQL
 * refused those. Used by the one thread that a pool connects with.
 *
 * <p>In place of the library's own cache, version 2.1.1, which does not do for a server. It sets no limit to how long AWS may take (with
 * the SDK's defaults that is over a minute). It remembers faults for up to 128 s, so long does a connection fail after AWS is back. Where the
 * password is simply wrong it tries five times more, each after a second's sleep and another call. Of a secret without a user it says
 * {@code NullPointerException}. And it looks for the secret in the region of the program, whatever the ARN says. {@code SecretLibraryTest}
 * tells when that has changed.
 */
final class DatabaseSecret extends SecretCache {
    private static final Duration ATTEMPT = Duration.ofSeconds(3);
    /** For all attempts of a call together. */
    private static final Duration CALL = Duration.ofSeconds(5);
    /** After which it is read again without a reason; what is known stays in use if that fails. */
    private static final long FRESH_NANOS = Duration.ofHours(1).toNanos();
    /** Between two calls, whatever happens: the pool tries to connect many times a second at first. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    private static final Set<String> ENGINES = Set.of("postgres", "aurora-postgresql");
    /** The library's name for where its default client looks. */
    private static final String LIBRARY_REGION = "drivers.region";

    private final AwsSecret secret;
    private final SecretsManagerClient client;
    private final LongSupplier nanoTime;
    private @Nullable Known known;
    private @Nullable UnreadableSecret fault;
    private @Nullable Long calledAt;

    /** @param host of the database that it is for, as RDS writes it there; empty where it says none */
    private record Known(String text, Optional<String> host) {}

    private DatabaseSecret(AwsSecret secret, SecretsManagerClient client, LongSupplier nanoTime) {
        // Which client does not matter, as nothing but the two methods below is ever called.
        super(new SecretCacheConfiguration().withClient(client));
        this.secret = secret;
        this.client = client;
        this.nanoTime = nanoTime;
    }

    /** Asks nobody yet. */
    static DatabaseSecret of(AwsSecret secret) {
        return of(secret, System::nanoTime);
    }

    static DatabaseSecret of(AwsSecret secret, LongSupplier nanoTime) {
        return new DatabaseSecret(secret, client(secret), nanoTime);
    }

    /** A driver that connects with it. */
    Driver driver() {
        // The class makes a driver of its own when it is loaded, with a client that must have a region, and without one
        // would look for it
        // in the network and then not load.
        secret.region().ifPresent(region -> System.getProperties().putIfAbsent(LIBRARY_REGION, region));
        Driver driver = new AWSSecretsManagerPostgreSQLDriver(this);
        try {
            // It registers itself, for good. Nobody is to find it there.
            DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
            throw new IllegalStateException("a driver could not be taken out of the list", e);
        }
        return driver;
    }

    @Override
    public synchronized String getSecretString(String secretId) {
        if (known == null || isOlderThan(FRESH_NANOS)) {
            read();
        }
        if (known == null) {
            throw Objects.requireNonNull(fault);
        }
        return known.text;
    }

    /** After PostgreSQL refused: whether there is something else to try. */
    @Override
    public synchronized boolean refreshNow(String secretId) {
        Known refused = known;
        read();
        return known != null && !known.equals(refused);
    }

    /** What is wrong with reading it; empty where nothing is. */
    synchronized Optional<String> fault() {
        return Optional.ofNullable(fault).map(Throwable::getMessage);
    }

    /** The host that it says it is for. */
    synchronized Optional<String> host() {
        return Optional.ofNullable(known).flatMap(Known::host);
    }

    private void read() {
        if (!isOlderThan(PAUSE_NANOS)) {
            return;
        }
        try {
            known = checked(client.getSecretValue(request -> request.secretId(secret.id()))
                    .secretString());
            fault = null;
        } catch (AwsServiceException e) {
            String code =
                    e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
            fault = new UnreadableSecret(secret.cannotBeRead(code == null ? "HTTP " + e.statusCode() : code));
        } catch (SdkException e) {
            fault = new UnreadableSecret(secret.cannotBeRead(e.getClass().getSimpleName()));
        } catch (UnreadableSecret e) {
            fault = e;
        } finally {
            calledAt = nanoTime.getAsLong();
        }
    }

    private boolean isOlderThan(long nanos) {
        return calledAt == null || nanoTime.getAsLong() - calledAt >= nanos;
    }

    private Known checked(@Nullable String text) {
        if (text == null) {
            throw new UnreadableSecret(secret.holds("holds bytes, not text"));
        }
        JsonNode json;
        try {
            json = Json.parse(text);
        } catch (AppException e) {
            throw new UnreadableSecret(secret.holds("is not JSON"));
        }
        for (String field : new String[] {"username", "password"}) {
            if (json.path(field).asText("").isEmpty() || !json.path(field).isTextual()) {
                throw new UnreadableSecret(secret.holds("is no JSON object with texts username and password"));
            }
        }
        if (json.has("engine") && !ENGINES.contains(json.get("engine").asText())) {
            throw new UnreadableSecret(secret.holds("is for another kind of database: its engine is not postgres"));
        }
        return new Known(text, Optional.ofNullable(json.get("host")).map(JsonNode::asText));
    }

    private static SecretsManagerClient client(AwsSecret secret) {
        SecretsManagerClientBuilder builder = SecretsManagerClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(ATTEMPT)
                        .socketTimeout(ATTEMPT))
                .overrideConfiguration(
                        limits -> limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
        secret.region().map(Region::of).ifPresent(builder::region);
        return builder.build();
    }
}
