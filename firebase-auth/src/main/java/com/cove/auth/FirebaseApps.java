package com.cove.auth;

import com.cove.model.config.AwsSecret;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Initialises the Firebase SDK. The caller owns the app and ends it with {@link FirebaseApp#delete}. */
public final class FirebaseApps {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private FirebaseApps() {}

    /**
     * An app of its own name, so that several can live in one JVM. Reads no secret yet. Over the JDK's own transport, which
     * lets go of a connection that rested for seconds.
     */
    public static FirebaseApp open(FirebaseAuthConfig config) {
        return open(config, credentials(config), new NetHttpTransport());
    }

    /**
     * The same, for what must not share the transport that the SDK keeps for the whole process.
     *
     * @param transport how the SDK reaches Google; left open by {@link FirebaseApp#delete}
     */
    public static FirebaseApp open(FirebaseAuthConfig config, HttpTransport transport, Duration readTimeout) {
        return open(config, credentials(config), transport, readTimeout);
    }

    /** @param transport how the SDK reaches Google; null for its own */
    static FirebaseApp open(
            FirebaseAuthConfig config, GoogleCredentials credentials, @Nullable HttpTransport transport) {
        return open(config, credentials, transport, READ_TIMEOUT);
    }

    /** With credentials from elsewhere than the configuration. */
    public static FirebaseApp open(
            FirebaseAuthConfig config,
            GoogleCredentials credentials,
            @Nullable HttpTransport transport,
            Duration readTimeout) {
        // The SDK looks into the process's environment by itself, whatever the configuration was read from.
        if (!config.emulator() && System.getenv(FirebaseAuthConfig.EMULATOR) != null) {
            throw new IllegalStateException(FirebaseAuthConfig.EMULATOR + " is set in this process");
        }
        FirebaseOptions.Builder options = FirebaseOptions.builder()
                .setProjectId(config.projectId())
                .setCredentials(credentials)
                .setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .setReadTimeout(Math.toIntExact(readTimeout.toMillis()));
        if (transport != null) {
            options.setHttpTransport(transport);
        }
        return FirebaseApp.initializeApp(options.build(), "cove-" + UUID.randomUUID());
    }

    private static GoogleCredentials credentials(FirebaseAuthConfig config) {
        if (config.emulator()) {
            return GoogleCredentials.create(
                    new AccessToken("owner", Date.from(Instant.now().plus(Duration.ofDays(3_650)))));
        }
        String secret = config.serviceAccountSecret();
        return new ServiceAccount(
                secret == null ? null : new AwsSecret(FirebaseAuthConfig.SECRET, secret), config.projectId());
    }
}
