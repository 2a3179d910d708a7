package com.cove.api.hook;

import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hook over HTTP: a signed {@code POST /internal/notify}, tried twice within {@link #BUDGET}. A second try reaches
 * another node where a load balancer stands between; a delivery that arrives twice is recognised by its seq. The socket
 * server finds in the database what never arrived. Thread-safe.
 */
public final class HttpHook implements Hook, AutoCloseable {
    /** What a request may lose to a socket server that is away, both tries together. */
    static final Duration BUDGET = Duration.ofMillis(300);

    private static final Duration FIRST_TRY = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(HttpHook.class);

    private final URI address;
    private final HookSignature signature;
    private final HttpClient client;

    public HttpHook(URI address, HookSignature signature) {
        this.address = address;
        this.signature = signature;
        // HTTP/1.1: an upgrade to HTTP/2 would only be refused.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(FIRST_TRY)
                .build();
    }

    @Override
    public void tell(Delivery delivery) {
        long end = System.nanoTime() + BUDGET.toNanos();
        try {
            String body = delivery.toJson();
            if (!accepted(body, FIRST_TRY.toNanos()) && !accepted(body, end - System.nanoTime())) {
                LOG.atWarn()
                        .addKeyValue("event", delivery.change().event().eventName())
                        .log("the socket server was not told");
            }
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

    private boolean accepted(String body, long nanos) throws InterruptedException {
        if (nanos <= 0) {
            return false;
        }
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request(body), HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS).statusCode() / 100 == 2;
        } catch (ExecutionException | TimeoutException e) {
            return false;
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
