package com.cove.api.hook;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hook over HTTP: a signed {@code POST /internal/notify}, tried twice within {@link #BUDGET}. A second try reaches
 * another node where a load balancer stands between; a delivery that arrives twice goes out once. After some failures in a
 * row it is not tried for a while ({@link CircuitBreaker}), so that an outage costs few requests anything. The socket server
 * finds in the database what never arrived. Thread-safe.
 */
public final class HttpHook implements Hook, AutoCloseable {
    /** What a request may lose to a socket server that is away, both tries together. */
    static final Duration BUDGET = Duration.ofMillis(300);

    /** A connection that rested for longer may be dead without having been told, in a Lambda that was frozen. */
    private static final Duration TRUSTED = Duration.ofMinutes(1);
    /** For a rehearsal, which loads classes for longer than a call may take. */
    private static final Duration REHEARSAL = Duration.ofSeconds(2);

    /** Of the request that a call is made for. */
    private static final String REQUEST_ID = "x-request-id";

    private static final String TAKEN = "";
    private static final String WRONG_SIGNATURE = "401";
    private static final Logger LOG = LoggerFactory.getLogger(HttpHook.class);

    private final URI address;
    private final HookSignature signature;
    private final InstantSource clock;
    private final Duration budget;
    private final Duration firstTry;
    private CircuitBreaker breaker;
    private Instant lastUse;
    private @Nullable HttpClient client;

    public HttpHook(URI address, HookSignature signature, InstantSource clock) {
        this(address, signature, clock, BUDGET);
    }

    HttpHook(URI address, HookSignature signature, InstantSource clock, Duration budget) {
        this.address = address;
        this.signature = signature;
        this.clock = clock;
        this.budget = budget;
        this.firstTry = budget.multipliedBy(2).dividedBy(3);
        this.breaker = new CircuitBreaker(clock);
        this.lastUse = clock.instant();
    }

    @Override
    public void tell(Delivery delivery, String requestId) {
        CircuitBreaker judge = breaker();
        if (!judge.permits()) {
            return;
        }
        try {
            note(judge, problem(new Call(delivery.toJson(), requestId)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("fault", e.getClass().getName()).log("the socket server was not told");
        }
    }

    @Override
    public void rehearse() {
        MessageRead nothing =
                new MessageRead(new MessageId("none"), new ThreadId("none"), new UserId("nobody"), Instant.EPOCH, 0);
        Call toNobody = new Call(new Delivery(List.of(), Change.of(nothing, 0)).toJson(), "rehearsal");
        try {
            call(toNobody, REHEARSAL.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void disconnect() {
        if (client != null) {
            client.shutdownNow();
            client = null;
        }
        breaker = new CircuitBreaker(clock);
    }

    @Override
    public void close() {
        disconnect();
    }

    private synchronized CircuitBreaker breaker() {
        return breaker;
    }

    /** One whose connections can be trusted. By the time of day, as no other clock is sure to go on in a frozen Lambda. */
    private synchronized HttpClient client() {
        Instant now = clock.instant();
        HttpClient known = client;
        if (known == null || Duration.between(lastUse, now).abs().compareTo(TRUSTED) > 0) {
            if (known != null) {
                known.shutdown();
            }
            // HTTP/1.1: an upgrade to HTTP/2 would only be refused.
            known = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(firstTry)
                    .build();
            client = known;
        }
        lastUse = now;
        return known;
    }

    /** One line when the trouble begins, one a minute while it lasts, and one when it ends; not one for each request between. */
    private static void note(CircuitBreaker breaker, String problem) {
        if (problem.equals(TAKEN)) {
            if (breaker.succeeded()) {
                LOG.atWarn().log("the socket server is told again");
            }
        } else if (problem.equals(WRONG_SIGNATURE)) {
            if (breaker.failedForGood()) {
                LOG.atError()
                        .log("the socket server refuses our signature: HOOK_SECRET is not one of its own, or a clock is"
                                + " more than a minute off");
            }
        } else if (breaker.failed()) {
            LOG.atWarn()
                    .addKeyValue("problem", problem)
                    .log("the socket server was not told, and is not tried for a while");
        }
    }

    /** What became of both tries: {@link #TAKEN}, a status, or the type of a failure. */
    private String problem(Call told) throws InterruptedException {
        long end = System.nanoTime() + budget.toNanos();
        String first = call(told, firstTry.toNanos());
        // What one node takes for a wrong request is one to all of them.
        boolean again = !first.equals(TAKEN) && !first.startsWith("4");
        long left = end - System.nanoTime();
        return again && left > 0 ? call(told, left) : first;
    }

    private String call(Call told, long nanos) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer =
                client().sendAsync(request(told), HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(nanos, TimeUnit.NANOSECONDS).statusCode();
            return status / 100 == 2 ? TAKEN : Integer.toString(status);
        } catch (ExecutionException e) {
            return String.valueOf(
                    e.getCause() == null ? e : e.getCause().getClass().getSimpleName());
        } catch (TimeoutException e) {
            return "no answer in time";
        } finally {
            // Ends the exchange where it is still under way; no effect on a finished one.
            answer.cancel(true);
        }
    }

    private HttpRequest request(Call told) {
        return HttpRequest.newBuilder(address)
                .header("content-type", "application/json")
                .header(REQUEST_ID, told.requestId)
                .header(HookSignature.HEADER, signature.sign(told.body))
                .POST(HttpRequest.BodyPublishers.ofString(told.body))
                .build();
    }

    private record Call(String body, String requestId) {}
}
