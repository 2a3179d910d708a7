package com.cove.db;

import com.cove.db.device.DeviceStore;
import com.cove.db.message.MessageStore;
import com.cove.db.news.NewsStore;
import com.cove.db.read.ReadStore;
import com.cove.db.recovery.RecoveryStore;
import com.cove.db.sql.InstantArgument;
import com.cove.db.sql.Transactions;
import com.cove.db.sync.SyncStore;
import com.cove.db.thread.ThreadStore;
import com.cove.db.user.UserStore;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.fasterxml.uuid.Generators;
import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;

/**
 * An open database: a pool of connections and the stores on it. Every store method is one transaction, may block, and
 * may be called from any thread that may; it throws {@link AppException} ({@code not_found}, {@code invalid_request},
 * {@code conflict}, {@code unavailable} where PostgreSQL is away, busy beyond its limits or read-only), and anything
 * else only for a fault of ours. Whoever calls must have been provisioned ({@link UserStore#provision}).
 */
public final class Database implements AutoCloseable {
    private static final int CHECK_SECONDS = 2;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final UserStore users;
    private final ThreadStore threads;
    private final MessageStore messages;
    private final ReadStore reads;
    private final DeviceStore devices;
    private final SyncStore sync;
    private final NewsStore news;
    private final RecoveryStore recovery;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = configured(Jdbi.create(pool));
        Transactions transactions = new Transactions(jdbi);
        Supplier<UUID> ids = Generators.timeBasedEpochGenerator()::generate;
        this.users = new UserStore(transactions);
        this.threads = new ThreadStore(transactions, ids);
        this.messages = new MessageStore(transactions, ids);
        this.reads = new ReadStore(transactions);
        this.devices = new DeviceStore(transactions);
        this.sync = new SyncStore(transactions);
        this.news = new NewsStore(transactions);
        this.recovery = new RecoveryStore(transactions);
    }

    /**
     * Opens the pool. Needs no PostgreSQL yet: while it is away every call answers {@code unavailable}, and when it is
     * back they work. The schema must have been migrated ({@link Migrations}).
     */
    public static Database open(DatabaseConfig config) {
        return new Database(Pool.open(config));
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

    /**
     * One round trip, for health checks.
     *
     * @throws AppException {@code unavailable} where there was no answer within two seconds
     */
    public void check() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        // A thread of its own, because getting a connection and waiting for the answer have a limit each, not one
        // together.
        Thread.ofVirtual().name("database-check").start(() -> {
            try {
                jdbi.useHandle(handle -> handle.execute("SELECT 1"));
                answer.complete(null);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            answer.get(CHECK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /** What the stores expect of a Jdbi. An exception's text goes to a log, where no message's content may go. */
    static Jdbi configured(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        return jdbi.installPlugin(new SqlObjectPlugin())
                .registerArgument(new InstantArgument())
                .registerArrayType(UUID.class, "uuid")
                .registerArrayType(String.class, "text");
    }

    /** For tests: to listen to the statements that the stores execute. */
    Jdbi jdbi() {
        return jdbi;
    }

    /** For tests: connections that somebody holds now. */
    int connectionsInUse() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    private static AppException unreachable(Exception cause) {
        return new AppException(ErrorCode.UNAVAILABLE, "The database cannot be reached", cause);
    }
}
