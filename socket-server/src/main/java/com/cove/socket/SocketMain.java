package com.cove.socket;

import com.cove.auth.FirebaseAuthConfig;
import com.cove.auth.FirebaseTokenVerifier;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The socket server as a program. Exit code 1, with the reason on standard error, where it cannot start. */
public final class SocketMain {
    private static final int POOL_SIZE = 10;

    private SocketMain() {}

    /** Takes no arguments; everything comes from the environment, docs/configuration.md. */
    public static void main(String[] arguments) throws InterruptedException {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "cove-logback.xml");
        }
        try {
            run(System.getenv());
        } catch (ConfigException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Map<String, String> variables) throws IOException, InterruptedException {
        Environment env = new Environment(variables);
        SocketConfig config = SocketConfig.from(env);
        Optional<DatabaseConfig> databaseConfig = env.part(() -> DatabaseConfig.fromEnvironment(variables));
        Optional<FirebaseAuthConfig> firebase = env.part(() -> FirebaseAuthConfig.fromEnvironment(variables));
        env.check();
        FirebaseTokenVerifier verifier = new FirebaseTokenVerifier(firebase.orElseThrow(), Clock.systemUTC());
        Database database = Database.open(databaseConfig.orElseThrow().withPoolSize(POOL_SIZE));
        SocketApp app = SocketApp.start(config, database, verifier);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            app.close();
            database.close();
            verifier.close();
        }));
        Thread.currentThread().join();
    }
}
