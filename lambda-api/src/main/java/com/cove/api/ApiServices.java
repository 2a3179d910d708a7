package com.cove.api;

import com.cove.api.hook.Hook;
import com.cove.api.hook.HttpHook;
import com.cove.auth.FirebaseTokenVerifier;
import com.cove.auth.TokenVerifier;
import com.cove.db.Database;
import com.cove.model.hook.HookSignature;
import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** What the handlers use. In AWS one for the JVM, made when it starts; elsewhere whoever makes it closes its parts. */
public record ApiServices(Database database, TokenVerifier tokens, Hook hook) {
    private static @Nullable ApiServices shared;
    /** Kept, since the context that calls it when the time has come does not. */
    @SuppressWarnings("UnusedVariable")
    private static @Nullable Snapshot snapshot;

    /**
     * The services of this JVM, wired from its environment when first asked for. Connects to nothing yet.
     *
     * @throws com.cove.model.config.ConfigException naming every problem of the environment
     */
    public static synchronized ApiServices fromEnvironment() {
        ApiServices services = shared;
        if (services == null) {
            ApiConfig config = ApiConfig.fromEnvironment(System.getenv());
            services = wire(config);
            shared = services;
            if ("snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
                snapshot = Snapshot.prepare(services, config.firebase().projectId(), Clock.systemUTC());
            }
        }
        return services;
    }

    private static ApiServices wire(ApiConfig config) {
        URI hookUrl = config.hookUrl();
        Clock clock = Clock.systemUTC();
        Database database = Database.open(config.database(), config.pictures());
        return new ApiServices(
                database,
                new FirebaseTokenVerifier(config.firebase().projectId(), database.keys(), clock),
                hookUrl == null
                        ? Hook.none()
                        : new HttpHook(hookUrl, new HookSignature(config.hookSecrets(), clock), clock));
    }
}
