package com.cove.socket;

import com.cove.auth.FirebaseAuthConfig;
import com.cove.auth.FirebaseTokenVerifier;
import com.cove.auth.fcm.FcmClient;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.Migrations;
import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import com.cove.model.error.AppException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The socket server as a program. Exit code 1, with the reason on standard error, where it cannot start. */
public final class SocketMain {
    private static final int POOL_SIZE = 10;

    private SocketMain() {}

    /**
     * Serves; or with the argument {@code migrate} brings the schema up to date and ends. Everything else comes from the
     * environment, docs/configuration.md.
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "cove-logback.xml");
        }
        try {
            run(List.of(arguments), System.getenv());
        } catch (ConfigException | AppException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(List<String> arguments, Map<String, String> variables)
            throws IOException, InterruptedException {
        switch (String.join(" ", arguments)) {
            case "" -> serve(variables);
            case "migrate" -> migrate(variables);
            default -> throw new ConfigException(List.of("The only argument there is: migrate"));
        }
    }

    private static void migrate(Map<String, String> variables) {
        Environment env = new Environment(variables);
        Optional<DatabaseConfig> database = env.part(() -> DatabaseConfig.fromEnvironment(variables));
        env.check();
        Migrations.Status before = Migrations.status(database.orElseThrow());
        Migrations.migrate(database.orElseThrow());
        System.out.println("The schema was at version " + before.current() + " and is now at " + before.newest());
    }

    private static void serve(Map<String, String> variables) throws IOException, InterruptedException {
        Environment env = new Environment(variables);
        SocketConfig config = SocketConfig.from(env);
        Optional<DatabaseConfig> databaseConfig = env.part(() -> DatabaseConfig.fromEnvironment(variables));
        Optional<FirebaseAuthConfig> firebase = env.part(() -> FirebaseAuthConfig.fromEnvironment(variables));
        env.check();
        FirebaseTokenVerifier verifier = new FirebaseTokenVerifier(firebase.orElseThrow(), Clock.systemUTC());
        Database database = Database.open(databaseConfig.orElseThrow().withPoolSize(POOL_SIZE));
        Optional<FcmClient> fcm =
                config.push().map(push -> new FcmClient(firebase.orElseThrow(), push.fcm(), Clock.systemUTC()));
        SocketApp app = SocketApp.start(config, database, verifier, fcm.map(client -> client));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            app.close();
            fcm.ifPresent(FcmClient::close);
            database.close();
            verifier.close();
        }));
        Thread.currentThread().join();
    }
}
