package com.cove.auth;

import com.cove.model.config.AwsSecret;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** The AWS secret that holds the service account. Apart from its caller, so that the AWS SDK is loaded only at need. */
final class ServiceAccountSecret {
    private static final Duration ATTEMPT = Duration.ofSeconds(3);
    /** For all attempts together. */
    private static final Duration CALL = Duration.ofSeconds(5);

    private ServiceAccountSecret() {}

    /**
     * Waits five seconds at most.
     *
     * @throws IOException that names the variable and the kind of fault, nothing of the secret
     */
    static String read(AwsSecret secret) throws IOException {
        try (SecretsManagerClient secrets = client(secret)) {
            String value = secrets.getSecretValue(request -> request.secretId(secret.id()))
                    .secretString();
            if (value != null) {
                return value;
            }
        } catch (AwsServiceException e) {
            String code =
                    e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
            throw new NoServiceAccountException(secret.cannotBeRead(code == null ? "HTTP " + e.statusCode() : code));
        } catch (SdkException e) {
            throw new NoServiceAccountException(secret.cannotBeRead(e.getClass().getSimpleName()));
        }
        throw new NoServiceAccountException(secret.holds("holds bytes, not text"));
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
