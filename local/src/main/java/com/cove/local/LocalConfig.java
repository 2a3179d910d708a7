package com.cove.local;

import com.cove.auth.FirebaseAuthConfig;
import com.cove.model.config.Environment;
import com.cove.model.user.PictureConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the system on one machine; every one has a default.
 *
 * @param apiPort {@code API_PORT} (3000): REST and the chat page; here and below 0 takes any free port
 * @param socketPort {@code SOCKET_PORT} (3001)
 * @param internalPort {@code INTERNAL_PORT} (3002)
 * @param databasePort {@code LOCAL_DATABASE_PORT} (54329): where the embedded PostgreSQL listens, if it is free
 * @param dataDirectory {@code LOCAL_DATA} (.data): what is kept between runs
 * @param projectId {@code FIREBASE_PROJECT_ID} (cove-local)
 * @param emulator {@code FIREBASE_AUTH_EMULATOR_HOST}, host:port; empty for unsigned tokens
 * @param hookSecrets {@code HOOK_SECRET}; by default one that every part in local mode knows
 * @param environment the variables themselves, for the settings of the parts
 */
record LocalConfig(
        int apiPort,
        int socketPort,
        int internalPort,
        int databasePort,
        Path dataDirectory,
        String projectId,
        Optional<String> emulator,
        List<String> hookSecrets,
        PictureConfig pictures,
        Map<String, String> environment) {
    private static final String HOOK_SECRET = "local-only-hook-secret";

    LocalConfig {
        hookSecrets = List.copyOf(hookSecrets);
        environment = Map.copyOf(environment);
    }

    /** @throws com.cove.model.config.ConfigException naming every problem */
    static LocalConfig fromEnvironment(Map<String, String> variables) {
        Environment env = new Environment(variables);
        List<String> secrets = env.list("HOOK_SECRET");
        LocalConfig config = new LocalConfig(
                port(env, "API_PORT", 3000),
                port(env, "SOCKET_PORT", 3001),
                port(env, "INTERNAL_PORT", 3002),
                port(env, "LOCAL_DATABASE_PORT", 54_329),
                Path.of(env.text("LOCAL_DATA", ".data")),
                env.text("FIREBASE_PROJECT_ID", "cove-local"),
                env.text("FIREBASE_AUTH_EMULATOR_HOST"),
                secrets.isEmpty() ? List.of(HOOK_SECRET) : secrets,
                PictureConfig.from(env),
                variables);
        env.check();
        return config;
    }

    /** The environment of the socket server in local mode. */
    Map<String, String> socketEnvironment() {
        Map<String, String> variables = new HashMap<>(environment);
        // Tokens are not signed here: whoever reaches this port can be anybody.
        variables.putIfAbsent("SOCKET_HOST", "127.0.0.1");
        variables.putIfAbsent("SOCKET_DRAIN_MS", "0");
        variables.put("SOCKET_PORT", Integer.toString(socketPort));
        variables.put("INTERNAL_PORT", Integer.toString(internalPort));
        variables.put("HOOK_SECRET", String.join(",", hookSecrets));
        return variables;
    }

    FirebaseAuthConfig firebase() {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("FIREBASE_PROJECT_ID", projectId);
        return FirebaseAuthConfig.forLocalUse(variables);
    }

    private static int port(Environment env, String variable, int usual) {
        return env.integer(variable, usual, 0, 65_535);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "LocalConfig[apiPort=" + apiPort + ", socketPort=" + socketPort + ", internalPort=" + internalPort
                + ", dataDirectory=" + dataDirectory + "]";
    }
}
