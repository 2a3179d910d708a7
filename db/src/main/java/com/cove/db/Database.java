package com.cove.db;

import com.cove.db.device.DeviceStore;
import com.cove.db.key.KeyStore;
import com.cove.db.message.MessageStore;
import com.cove.db.news.NewsStore;
import com.cove.db.presence.PresenceStore;
import com.cove.db.push.PushStore;
import com.cove.db.push.ReachStore;
import com.cove.db.read.ReadStore;
import com.cove.db.recovery.RecoveryStore;
import com.cove.db.row.PictureSource;
import com.cove.db.schema.SchemaGate;
import com.cove.db.schema.UnknownSchemaException;
import com.cove.db.sql.Parameters;
import com.cove.db.sql.Transactions;
import com.cove.db.sync.SyncStore;
import com.cove.db.thread.ThreadStore;
import com.cove.db.user.UserStore;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.PictureConfig;
import com.fasterxml.uuid.Generators;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * An open database: a pool of connections and the stores on it. Every store method is one transaction, may block, and
 * may be called from any thread that may; it throws {@link AppException} ({@code not_found}, {@code invalid_request},
 * {@code conflict}, {@code unavailable} where PostgreSQL is away, busy beyond its limits or read-only), and anything
 * else only for a fault of ours. Whoever calls must have been provisioned ({@link UserStore#provision}).
 */
public final class Database implements AutoCloseable {
    private static final int CHECK_SECONDS = 2;
    /** Of a program that starts, whose classes are still to be loaded. */
    private static final int START_SECONDS = 10;
    /** How long a full disk is remembered: only a write finds out, and there may be none for a while. */
    private static final Duration FULL_FOR = Duration.ofSeconds(5);

    private final Connections connections;
    private final Jdbi jdbi;
    private final SchemaGate schema;
    private final Transactions transactions;
    private final UserStore users;
    private final ThreadStore threads;
    private final MessageStore messages;
    private final ReadStore reads;
    private final DeviceStore devices;
    private final SyncStore sync;
    private final NewsStore news;
    private final RecoveryStore recovery;
    private final PresenceStore presence;
    private final ReachStore reach;
    private final PushStore pushes;
    private final KeyStore keys;

    private Database(Connections connections, PictureConfig pictures) {
        this.connections = connections;
        this.jdbi = configured(Jdbi.create(connections));
        jdbi.getConfig(PictureSource.class).use(pictures);
        this.schema = new SchemaGate(jdbi, InstantSource.system());
        this.transactions = new Transactions(jdbi, schema);
        Supplier<UUID> ids = Generators.timeBasedEpochGenerator()::generate;
        this.users = new UserStore(transactions);
        this.threads = new ThreadStore(transactions, ids);
        this.messages = new MessageStore(transactions, ids);
        this.reads = new ReadStore(transactions);
        this.devices = new DeviceStore(transactions);
        this.sync = new SyncStore(transactions);
        this.news = new NewsStore(transactions);
        this.recovery = new RecoveryStore(transactions);
        this.presence = new PresenceStore(transactions);
        this.reach = new ReachStore(transactions);
        this.pushes = new PushStore(transactions);
        this.keys = new KeyStore(transactions);
    }

    /**
     * Opens the pool. Needs no PostgreSQL yet: while it is away every call answers {@code unavailable}, and when it is
     * back they work. The schema must have been migrated ({@link Migrations}): on one that this program does not know every call is
     * {@code unavailable}, too.
     */
    public static Database open(DatabaseConfig config, PictureConfig pictures) {
        return new Database(new Connections(config, InstantSource.system()), pictures);
    }

    /** Opens one where pictures are stored with their address only. */
    public static Database open(DatabaseConfig config) {
        return open(config, PictureConfig.none());
    }

    /** @param clock tells how long the connections rested */
    static Database open(DatabaseConfig config, InstantSource clock) {
        return new Database(new Connections(config, clock), PictureConfig.none());
    }

    public UserStore users() {
        return users;
    }

    public ThreadStore threads() {
        return threads;
    }

    public MessageStore messages() {
        return messages;
    }

    public ReadStore reads() {
        return reads;
    }

    public DeviceStore devices() {
        return devices;
    }

    public SyncStore sync() {
        return sync;
    }

    public NewsStore news() {
        return news;
    }

    public RecoveryStore recovery() {
        return recovery;
    }

    public PresenceStore presence() {
        return presence;
    }

    public ReachStore reach() {
        return reach;
    }

    public PushStore pushes() {
        return pushes;
    }

    public KeyStore keys() {
        return keys;
    }

    /**
     * One round trip, for whoever needs the database to be there, with whatever schema.
     *
     * @throws AppException {@code unavailable} where there was no answer within two seconds
     */
    public void check() {
        ask(Database::readOnly);
    }

    /**
     * For programs that must not start on a schema that they cannot work with.
     *
     * @throws UnknownSchemaException with a sentence for whoever started it
     * @throws AppException {@code unavailable} where there was no connection within two seconds, or no answer within ten
     */
    public void requireKnownSchema() {
        ask(schema::problem, START_SECONDS).ifPresent(problem -> {
            throw problem;
        });
    }

    /** What it can do now, for health checks; known within two seconds. */
    public Condition condition() {
        try {
            return ask(this::condition);
        } catch (AppException e) {
            return Condition.DOWN;
        }
    }

    private Condition condition(Handle handle) {
        if (readOnly(handle)) {
            return Condition.READ_ONLY;
        }
        if (schema.problem(handle).isPresent()) {
            return Condition.UNKNOWN_SCHEMA;
        }
        return transactions.lackedSpace(FULL_FOR) ? Condition.FULL : Condition.UP;
    }

    private <T> T ask(Function<Handle, T> question) {
        return ask(question, CHECK_SECONDS);
    }

    private <T> T ask(Function<Handle, T> question, int seconds) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        // A thread of its own, because getting a connection and waiting for the answer have a limit each, not one
        // together. Those two limits end the thread, too: checks do not pile up while a database is silent.
        Thread.ofVirtual().name("database-check").start(() -> {
            try {
                answer.complete(jdbi.withHandle(handle -> question.apply(limited(handle, seconds))));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private static Handle limited(Handle handle, int seconds) {
        try {
            // Of this connection while it is ours; the pool sets it back.
            handle.getConnection().setNetworkTimeout(Runnable::run, seconds * 1_000);
            return handle;
        } catch (SQLException e) {
            throw new IllegalStateException("a timeout could not be set", e);
        }
    }

    private static boolean readOnly(Handle handle) {
        return handle.createQuery("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * Closes all connections, for whoever is about to be frozen or copied: a copy must not speak over what another one holds.
     * The next use, or {@link #connect}, opens new ones. What is under way fails.
     */
    public void disconnect() {
        connections.putAway();
    }

    /** Uses no connection of before any more, for whoever has reason to believe that they are dead. What is under way goes on. */
    public void renew() {
        connections.renew();
    }

    /** Begins to connect, in the background, where {@link #disconnect} came before. */
    public void connect() {
        connections.open();
    }

    @Override
    public void close() {
        connections.close();
    }

    /** What the stores expect of a Jdbi. An exception's text goes to a log, where no message's content may go. */
    static Jdbi configured(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        // Statements are constants with nothing to fill in: a template would be copied for each call.
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setSqlParser(new StatementParameters());
        return jdbi.registerArgument(new Parameters());
    }

    /** For tests: to listen to the statements that the stores execute. */
    Jdbi jdbi() {
        return jdbi;
    }

    /** For tests: connections that somebody holds now. */
    int connectionsInUse() {
        return connections.inUse();
    }

    private static AppException unreachable(Exception cause) {
        return new AppException(ErrorCode.UNAVAILABLE, "The database cannot be reached", cause);
    }
}
