package com.cove.api.hook;

import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    private static final Duration FIRST_TRY = Duration.ofMillis(200);
    private static final String TAKEN = "";
    private static final String WRONG_SIGNATURE = "401";
    private static final Logger LOG = LoggerFactory.getLogger(HttpHook.class);

    private final URI address;
    private final HookSignature signature;
    private final HttpClient client;
    private final CircuitBreaker breaker;

    public HttpHook(URI address, HookSignature signature, InstantSource clock) {
        this.address = address;
        this.signature = signature;
        this.breaker = new CircuitBreaker(clock);
        // HTTP/1.1: an upgrade to HTTP/2 would only be refused.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(FIRST_TRY)
                .build();
    }

    @Override
    public void tell(Delivery delivery) {
        if (!breaker.permits()) {
            return;
        }
        try {
            note(problem(delivery.toJson()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("fault", e.getClass().getName()).log("the socket server was not told");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** One line when the trouble begins and one when it ends, not one for each request between. */
    private void note(String problem) {
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
    private String problem(String body) throws InterruptedException {
        long end = System.nanoTime() + BUDGET.toNanos();
        String first = call(body, FIRST_TRY.toNanos());
        // What one node takes for a wrong request is one to all of them.
        boolean again = !first.equals(TAKEN) && !first.startsWith("4");
        long left = end - System.nanoTime();
        return again && left > 0 ? call(body, left) : first;
    }

    private String call(String body, long nanos) throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request(body), HttpResponse.BodyHandlers.discarding());
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

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(address)
                .header("content-type", "application/json")
                .header(HookSignature.HEADER, signature.sign(body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
