package com.cove.auth;

import com.cove.model.config.AwsSecret;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials that are looked for when first used, and again after a failure. Verifying signatures never uses them, so
 * a program that only does that pays nothing for them and starts without any. Thread-safe, as its parent is.
 */
final class ServiceAccount extends GoogleCredentials {
    private static final Logger log = LoggerFactory.getLogger(ServiceAccount.class);
    /** Pushes, and whether a user is disabled or its tokens revoked: all that this system asks of Google in its own name. */
    private static final List<String> SCOPES = List.of(
            "https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/identitytoolkit");

    private final @Nullable AwsSecret secret;
    private final String projectId;
    private transient volatile @Nullable GoogleCredentials loaded;
    private transient volatile @Nullable String trouble;

    /** @param secret that holds it; null for Google's default credentials */
    ServiceAccount(@Nullable AwsSecret secret, String projectId) {
        this.secret = secret;
        this.projectId = projectId;
    }

    /** @throws IOException whose message says what is missing and never shows any of the secret */
    @Override
    public AccessToken refreshAccessToken() throws IOException {
        try {
            AccessToken token = token();
            if (trouble != null) {
                trouble = null;
                log.atInfo().log("Google gives access tokens again");
            }
            return token;
        } catch (IOException e) {
            tell(e);
            throw e;
        }
    }

    private AccessToken token() throws IOException {
        GoogleCredentials known = loaded;
        if (known != null) {
            try {
                return tokenOf(known);
            } catch (IOException e) {
                if (!refused(e)) {
                    throw e;
                }
                // Its key may have been replaced, in the secret too.
            }
        }
        GoogleCredentials fresh =
                (secret == null ? fromDefaults() : fromSecret(secret, projectId)).createScoped(SCOPES);
        AccessToken token = tokenOf(fresh);
        loaded = fresh;
        return token;
    }

    private static AccessToken tokenOf(GoogleCredentials credentials) throws IOException {
        AccessToken token = credentials.refreshAccessToken();
        if (token == null) {
            throw new NoServiceAccountException("The service account yields no access token");
        }
        return token;
    }

    /** Once, and again when it is another. What Google wrote stays out of the log. */
    private void tell(IOException failure) {
        String problem = failure instanceof NoServiceAccountException
                ? String.valueOf(failure.getMessage())
                : refused(failure) ? "Google does not take the key of the service account" : "Google cannot be reached";
        if (!problem.equals(trouble)) {
            trouble = problem;
            log.atWarn().addKeyValue("problem", problem).log("no access token from Google");
        }
    }

    private static boolean refused(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof HttpResponseException answer && answer.getStatusCode() / 100 == 4);
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

    private static GoogleCredentials fromSecret(AwsSecret secret, String projectId) throws IOException {
        return ServiceAccountJson.credentials(ServiceAccountSecret.read(secret), secret, projectId);
    }
}
