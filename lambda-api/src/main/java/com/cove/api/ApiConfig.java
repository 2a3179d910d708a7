package com.cove.api;

import com.cove.auth.FirebaseAuthConfig;
import com.cove.db.DatabaseConfig;
import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import com.cove.model.user.PictureConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers need to know.
 *
 * @param hookUrl {@code SOCKET_HOOK_URL}: where the socket server is told what was committed; null for nowhere
 * @param hookSecrets {@code HOOK_SECRET}: the first signs; empty only without {@code hookUrl}
 */
public record ApiConfig(
        DatabaseConfig database,
        PictureConfig pictures,
        FirebaseAuthConfig firebase,
        @Nullable URI hookUrl,
        List<String> hookSecrets) {
    /** A Lambda's JVM answers one request at a time; the second connection is for what one leaves behind. */
    private static final int CONNECTIONS = 2;

    private static final String HOOK_URL = "SOCKET_HOOK_URL";
    private static final int SECRET_LENGTH = 16;

    public ApiConfig {
        hookSecrets = List.copyOf(hookSecrets);
    }

    /**
     * Reads the environment of a Lambda.
     *
     * @throws ConfigException naming every problem of all parts
     */
    public static ApiConfig fromEnvironment(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        Optional<DatabaseConfig> database = environment.part(() -> DatabaseConfig.fromEnvironment(variables));
        Optional<FirebaseAuthConfig> firebase = environment.part(() -> FirebaseAuthConfig.fromEnvironment(variables));
        PictureConfig pictures = PictureConfig.from(environment);
        URI hookUrl = hookUrl(environment);
        // Also where the address is wrong: all problems are told at once.
        List<String> secrets = environment.text(HOOK_URL).isEmpty() ? List.of() : hookSecrets(environment);
        environment.check();
        return new ApiConfig(
                database.orElseThrow().withPoolSize(CONNECTIONS), pictures, firebase.orElseThrow(), hookUrl, secrets);
    }

    private static @Nullable URI hookUrl(Environment environment) {
        Optional<String> text = environment.text(HOOK_URL);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI url = URI.create(text.get());
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // the same problem as an address of another kind
        }
        environment.problem("SOCKET_HOOK_URL must be an address of the form http://host:port/internal/notify");
        return null;
    }

    private static List<String> hookSecrets(Environment environment) {
        List<String> secrets = environment.list("HOOK_SECRET");
        if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < SECRET_LENGTH)) {
            environment.problem("HOOK_SECRET must hold a secret of at least " + SECRET_LENGTH
                    + " characters, or several separated by commas: the first signs what is sent to SOCKET_HOOK_URL");
        }
        return secrets;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "ApiConfig[database=" + database + ", firebase=" + firebase + ", hookUrl=" + hookUrl + "]";
    }
}
