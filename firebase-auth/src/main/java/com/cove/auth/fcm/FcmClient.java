package com.cove.auth.fcm;

import com.cove.auth.FirebaseApps;
import com.cove.auth.FirebaseAuthConfig;
import com.cove.auth.LazyApp;
import com.cove.model.push.Push;
import com.google.api.client.http.HttpTransport;
import com.google.firebase.FirebaseApp;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Pushes by the HTTP v1 API, through the Firebase SDK as it comes. It has an app of its own in the SDK, so that nobody
 * else's connections and threads are touched, and makes one attempt a send. Nothing is logged here, and no cause leaves:
 * a result has a code, which names neither token nor text.
 */
public final class FcmClient implements PushClient, AutoCloseable {
    /** So many sends go on at once; more wait for one of them, and their time runs. */
    public static final int CONCURRENT_SENDS = FcmTransport.CONNECTIONS;

    /**
     * Google asks to wait this long for an answer. It bounds the whole of a send: the SDK waits longer and longer for an
     * access token, and cannot be told otherwise.
     */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LazyApp app;
    private final FcmMessages messages;
    private final Clock clock;
    private final Duration patience;
    private final Semaphore turns = new Semaphore(CONCURRENT_SENDS, true);
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
    /** FCM took a push of this service account, so that it is one of the apps' own project. */
    private volatile boolean accountProven;

    /** Reads no secret yet, and connects to nothing. */
    public FcmClient(FirebaseAuthConfig project, FcmConfig config, Clock clock) {
        this(() -> FirebaseApps.open(project, FcmTransport.open(), PATIENCE), config, clock, PATIENCE);
    }

    /** @param app opens one with a transport of {@link FcmTransport}; both end with this */
    FcmClient(Supplier<FirebaseApp> app, FcmConfig config, Clock clock, Duration patience) {
        this.app = new LazyApp(app, FcmClient::delete);
        this.messages = new FcmMessages(config, clock);
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public PushResult send(String token, Push push) {
        try {
            return inTime(messages.of(token, push));
        } catch (IllegalArgumentException e) {
            return new PushResult.Refused("UNSENDABLE");
        } catch (RejectedExecutionException e) {
            return later("CLOSED");
        }
    }

    /** What is under way is cut off, and may have reached FCM. */
    @Override
    public void close() {
        attempts.shutdownNow();
        app.close();
    }

    private static void delete(FirebaseApp app) {
        HttpTransport transport = app.getOptions().getHttpTransport();
        app.delete();
        FcmTransport.close(transport);
    }

    /** The SDK's own pool of threads is for its asynchronous methods; this one blocks. */
    private PushResult inTime(Message message) {
        Future<PushResult> attempt = attempts.submit(() -> attempt(message));
        try {
            return attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return FcmOutcome.timeout();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return later("INTERRUPTED");
        } catch (ExecutionException e) {
            return later("UNEXPECTED");
        } finally {
            attempt.cancel(true);
        }
    }

    private PushResult attempt(Message message) throws InterruptedException {
        turns.acquire();
        try {
            // The SDK takes any JSON for a yes.
            if (FirebaseMessaging.getInstance(app.get()).send(message) == null) {
                return FcmOutcome.unreadable();
            }
            accountProven = true;
            return new PushResult.Accepted();
        } catch (FirebaseMessagingException e) {
            return FcmOutcome.of(e, accountProven, clock.instant());
        } catch (RejectedExecutionException e) {
            return later("CLOSED");
        } catch (RuntimeException e) {
            // The SDK's own to a body that is missing, or a status that it does not know.
            return FcmOutcome.unreadable();
        } finally {
            turns.release();
        }
    }

    private static PushResult later(String code) {
        return new PushResult.Later(code, Optional.empty(), false);
    }
}
