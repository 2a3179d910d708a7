package com.cove.socket;

import ch.qos.logback.classic.LoggerContext;
import com.cove.auth.FirebaseAuthConfig;
import com.cove.auth.FirebaseTokenAuthority;
import com.cove.auth.fcm.FcmClient;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.MigrationException;
import com.cove.db.Migrations;
import com.cove.db.schema.UnknownSchemaException;
import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import com.cove.model.error.AppException;
import com.cove.model.user.PictureConfig;
import com.cove.socket.telemetry.Logging;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/** The socket server as a program. Exit code 1, with the reason on standard error, where it cannot start. */
public final class SocketMain {
    /** On a machine that is busy starting us, the first connection may take longer than it ever will again. */
    private static final int FIRST_LOOKS = 2;

    private static final int POOL_SIZE = 10;
    private static final Duration SCHEMA_ASKED_EVERY = Duration.ofSeconds(1);

    private static final String USAGE = """
            Usage: java -jar socket-server.jar [migrate | --help]
              without an argument it serves
              migrate   brings the schema up to date and ends; needs the variables of the database only
              --help    says this
            Settings are variables of the environment: docs/configuration.md""";

    private SocketMain() {}

    /** Arguments as {@link #USAGE} says; everything else comes from the environment, docs/configuration.md. */
    public static void main(String[] arguments) throws InterruptedException {
        Logging.begin();
        try {
            run(List.of(arguments), System.getenv());
        } catch (ConfigException | AppException | MigrationException | UnknownSchemaException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(List<String> arguments, Map<String, String> variables)
            throws IOException, InterruptedException {
        switch (String.join(" ", arguments)) {
            case "" -> serve(variables);
            case "migrate" -> migrate(variables);
            case "--help", "-h", "help" -> System.out.println(USAGE);
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }

    private static void migrate(Map<String, String> variables) {
        Environment env = new Environment(variables);
        Optional<DatabaseConfig> database = env.part(() -> DatabaseConfig.fromEnvironment(variables));
        env.check();
        Migrations.Outcome outcome = Migrations.migrate(database.orElseThrow());
        System.out.println(
                outcome.before() == outcome.now()
                        ? "The schema is at version " + outcome.now() + " already: nothing to do."
                        : "The schema was at version " + outcome.before() + " and is now at version " + outcome.now()
                                + ".");
    }

    private static void serve(Map<String, String> variables) throws IOException, InterruptedException {
        AtomicReference<Runnable> end = endBeforeLog();
        Environment env = new Environment(variables);
        SocketConfig config = SocketConfig.from(env);
        Optional<DatabaseConfig> databaseConfig = env.part(() -> DatabaseConfig.fromEnvironment(variables));
        PictureConfig pictures = PictureConfig.from(env);
        Optional<FirebaseAuthConfig> firebase = env.part(() -> FirebaseAuthConfig.fromEnvironment(variables));
        env.check();
        Database database = Database.open(databaseConfig.orElseThrow().withPoolSize(POOL_SIZE), pictures);
        FirebaseTokenAuthority tokens =
                new FirebaseTokenAuthority(firebase.orElseThrow(), database.keys(), Clock.systemUTC());
        boolean schemaKnown = IntStream.range(0, FIRST_LOOKS).anyMatch(_ -> knowsSchema(database));
        Optional<FcmClient> fcm =
                config.push().map(push -> new FcmClient(firebase.orElseThrow(), push.fcm(), Clock.systemUTC()));
        SocketApp app = SocketApp.start(config, database, tokens, fcm.map(client -> client));
        end.set(() -> {
            app.close();
            fcm.ifPresent(FcmClient::close);
            tokens.close();
            database.close();
        });
        while (!schemaKnown) {
            Thread.sleep(SCHEMA_ASKED_EVERY);
            schemaKnown = knowsSchema(database);
        }
        Thread.currentThread().join();
    }

    /** What is to be done when the program ends; after it, all that was logged leaves, which a thread of the log's own writes. */
    private static AtomicReference<Runnable> endBeforeLog() {
        AtomicReference<Runnable> end = new AtomicReference<>(() -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Objects.requireNonNull(end.get()).run();
            } finally {
                ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
            }
        }));
        return end;
    }

    /**
     * False where the database does not say: the program starts nevertheless, and asks until it does. Nobody is connected before that, since
     * everybody who connects is looked up there, so that it can end then as it would have at the start.
     */
    private static boolean knowsSchema(Database database) {
        try {
            database.requireKnownSchema();
            return true;
        } catch (AppException e) {
            return false;
        }
    }
}
