package com.cove.local;

import com.cove.api.ApiRoutes;
import com.cove.api.ApiServices;
import com.cove.api.hook.HttpHook;
import com.cove.auth.TokenAuthority;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.local.gateway.Gateway;
import com.cove.local.page.Page;
import com.cove.local.page.PageConfig;
import com.cove.model.hook.HookSignature;
import com.cove.socket.SocketApp;
import com.cove.socket.SocketConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** The parts of the system and how they are put together on one machine; whole, or one part alone. */
final class LocalSystem implements AutoCloseable {
    private final Opened opened = new Opened();
    private final LocalConfig config;
    private final Consumer<String> tell;
    private final LocalPhones phones = new LocalPhones(Clock.systemUTC());
    /** True where pushes go to the phones here: the page, which shows them, and the socket server are one program. */
    private boolean pushing;

    private int apiPort;
    private int socketPort;
    private int internalPort;

    private LocalSystem(LocalConfig config, Consumer<String> tell) {
        this.config = config;
        this.tell = tell;
    }

    /** Everything, on a PostgreSQL of its own. Says each step before taking it. */
    static LocalSystem start(LocalConfig config, Consumer<String> tell) throws CannotStart {
        LocalSystem system = new LocalSystem(config, tell);
        return system.startOrClose(system::startAll);
    }

    /** The socket server alone, on the database of {@code DATABASE_URL}. */
    static LocalSystem startSocket(LocalConfig config, DatabaseConfig database, Consumer<String> tell)
            throws CannotStart {
        LocalSystem system = new LocalSystem(config, tell);
        return system.startOrClose(() -> {
            system.requireFreeSocketPorts();
            LocalTokens tokens = system.opened.add(LocalTokens.of(config));
            system.startSocket(system.openDatabase(database), tokens.authority());
        });
    }

    /** REST and the chat page alone, on the database of {@code DATABASE_URL}. */
    static LocalSystem startApi(LocalConfig config, DatabaseConfig database, Consumer<String> tell) throws CannotStart {
        LocalSystem system = new LocalSystem(config, tell);
        system.socketPort = config.socketPort();
        system.internalPort = config.internalPort();
        return system.startOrClose(() -> {
            Ports.requireFree(config.apiPort(), "API_PORT");
            LocalTokens tokens = system.opened.add(LocalTokens.of(config));
            system.startApi(system.openDatabase(database), tokens);
        });
    }

    int apiPort() {
        return apiPort;
    }

    int socketPort() {
        return socketPort;
    }

    int internalPort() {
        return internalPort;
    }

    /** Stops the parts in the reverse order of their start; data stays. */
    @Override
    public void close() {
        opened.close();
    }

    private interface Steps {
        void take() throws CannotStart;
    }

    private LocalSystem startOrClose(Steps steps) throws CannotStart {
        try {
            steps.take();
            return this;
        } catch (CannotStart | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startAll() throws CannotStart {
        Ports.requireFree(config.apiPort(), "API_PORT");
        requireFreeSocketPorts();
        LocalTokens tokens = opened.add(LocalTokens.of(config));
        tell.accept("Starting PostgreSQL (data in " + config.dataDirectory() + ", kept between runs)");
        LocalPostgres postgres = opened.add(LocalPostgres.start(config.dataDirectory(), config.databasePort()));
        Database database = openDatabase(postgres.config());
        startSocket(database, tokens.authority());
        startApi(database, tokens);
        tell.accept("Database     " + postgres.url());
    }

    private void requireFreeSocketPorts() throws CannotStart {
        Ports.requireFree(config.socketPort(), "SOCKET_PORT");
        Ports.requireFree(config.internalPort(), "INTERNAL_PORT");
    }

    private Database openDatabase(DatabaseConfig databaseConfig) throws CannotStart {
        tell.accept("Bringing the schema up to date");
        Schema.migrate(databaseConfig);
        return opened.add(Database.open(databaseConfig, config.pictures()));
    }

    private void startSocket(Database database, TokenAuthority tokens) throws CannotStart {
        tell.accept("Starting the Socket.IO server");
        try {
            SocketConfig socket = SocketConfig.fromEnvironment(config.socketEnvironment());
            SocketApp app = opened.add(SocketApp.start(socket, database, tokens, Optional.of(phones)));
            pushing = socket.push().isPresent();
            socketPort = app.port();
            internalPort = app.internalPort();
        } catch (IOException e) {
            throw new CannotStart("The Socket.IO server did not start: " + e.getMessage() + ".", e);
        }
    }

    private void startApi(Database database, LocalTokens tokens) throws CannotStart {
        tell.accept("Starting the gateway, the Lambda handlers and the chat page");
        Clock clock = Clock.systemUTC();
        URI notify = URI.create("http://127.0.0.1:" + internalPort + "/internal/notify");
        HttpHook hook = opened.add(new HttpHook(notify, new HookSignature(config.hookSecrets(), clock), clock));
        // The first call loads classes for longer than the hook waits: better now than with somebody's message.
        hook.rehearse();
        ApiServices services = new ApiServices(database, tokens.authority(), hook);
        Page page = new Page(
                new PageConfig(config.projectId(), "http://localhost:" + socketPort, tokens.signIn(), pushing),
                phones::json);
        try {
            apiPort = opened.add(
                            Gateway.start(Ports.loopback(config.apiPort()), ApiRoutes.handlers(services), page, clock))
                    .port();
        } catch (IOException e) {
            throw new CannotStart("The gateway did not start: " + e.getMessage() + ".", e);
        }
    }
}
