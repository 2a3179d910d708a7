package com.cove.auth;

import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The AWS secret that holds the service account. Apart from its caller, so that the AWS SDK is loaded only at need. */
final class ServiceAccountSecret {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private ServiceAccountSecret() {}

    /** @throws IOException that names the variable and the kind of fault, nothing of the secret */
    static String read(String secretId) throws IOException {
        try (SecretsManagerClient secrets = SecretsManagerClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(TIMEOUT)
                        .socketTimeout(TIMEOUT))
                .build()) {
            String value = secrets.getSecretValue(request -> request.secretId(secretId))
                    .secretString();
            if (value != null) {
                return value;
            }
        } catch (SdkException e) {
            throw new NoServiceAccountException("The AWS secret named by firebaseSDK cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
        throw new NoServiceAccountException("The AWS secret named by firebaseSDK holds no text");
    }
}
