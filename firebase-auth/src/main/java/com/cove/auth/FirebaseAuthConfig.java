package com.cove.auth;

import com.cove.model.config.AwsSecret;
import com.cove.model.config.Environment;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which Firebase project is believed, and where its service account is.
 *
 * @param projectId {@code FIREBASE_PROJECT_ID}: tokens of any other project are refused
 * @param serviceAccountSecret {@code firebaseSDK}: name or ARN of the AWS secret that holds the service account's JSON;
 *     null for Google's default credentials. Verifying tokens needs neither
 * @param emulator true where tokens come from the Firebase Auth emulator, which does not sign them
 */
public record FirebaseAuthConfig(String projectId, @Nullable String serviceAccountSecret, boolean emulator) {
    static final String PROJECT = "FIREBASE_PROJECT_ID";
    static final String SECRET = "firebaseSDK";
    static final String EMULATOR = "FIREBASE_AUTH_EMULATOR_HOST";

    /**
     * For production: refuses an environment in which the SDK would ask an emulator instead of Google.
     *
     * @throws com.cove.model.config.ConfigException naming every problem
     */
    public static FirebaseAuthConfig fromEnvironment(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        // Set at all, even blank: whatever the SDK makes of it, it does not belong there.
        if (variables.containsKey(EMULATOR)) {
            environment.problem(EMULATOR + " must not be set: with it, an emulator would say whose tokens count");
        }
        Optional<AwsSecret> secret = AwsSecret.from(environment, SECRET);
        return read(environment, secret.map(AwsSecret::id).orElse(null), false);
    }

    /** For a developer's machine: as above, but a set {@code FIREBASE_AUTH_EMULATOR_HOST} is what it says. */
    public static FirebaseAuthConfig forLocalUse(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        return read(
                environment,
                environment.text(SECRET).orElse(null),
                environment.text(EMULATOR).isPresent());
    }

    private static FirebaseAuthConfig read(Environment environment, @Nullable String secret, boolean emulator) {
        String projectId = environment.required(PROJECT, "the Firebase project whose tokens are accepted");
        environment.check();
        return new FirebaseAuthConfig(projectId, secret, emulator);
    }
}
