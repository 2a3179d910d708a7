package com.cove.auth;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that are looked for when first used, and again after a failure. Verifying signatures never uses them, so
 * a program that only does that pays nothing for them and starts without any. Thread-safe, as its parent is.
 */
final class ServiceAccount extends GoogleCredentials {
    /** Pushes, and whether a user is disabled or its tokens revoked: all that this system asks of Google in its own name. */
    private static final List<String> SCOPES = List.of(
            "https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/identitytoolkit");

    private final @Nullable String secretId;
    private transient volatile @Nullable GoogleCredentials loaded;

    /** @param secretId name or ARN of the AWS secret; null for Google's default credentials */
    ServiceAccount(@Nullable String secretId) {
        this.secretId = secretId;
    }

    /** @throws IOException whose message says what is missing and never shows any of the secret */
    @Override
    public AccessToken refreshAccessToken() throws IOException {
        GoogleCredentials credentials = loaded;
        if (credentials == null) {
            credentials = (secretId == null ? fromDefaults() : fromSecret(secretId)).createScoped(SCOPES);
            loaded = credentials;
        }
        AccessToken token = credentials.refreshAccessToken();
        if (token == null) {
            throw new NoServiceAccountException("The service account yields no access token");
        }
        return token;
    }

    private static GoogleCredentials fromDefaults() throws IOException {
        try {
            return GoogleCredentials.getApplicationDefault();
        } catch (IOException e) {
            throw new NoServiceAccountException(
                    "There is no service account: set firebaseSDK to the AWS secret that holds it,"
                            + " or provide Google's default credentials");
        }
    }

    private static GoogleCredentials fromSecret(String secretId) throws IOException {
        String json = ServiceAccountSecret.read(secretId);
        try {
            return GoogleCredentials.fromStream(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            // Parsers quote what they could not parse: their message stays out of ours, and of the log.
            throw new NoServiceAccountException(
                    "The AWS secret named by firebaseSDK does not hold a service account's JSON");
        }
    }
}
