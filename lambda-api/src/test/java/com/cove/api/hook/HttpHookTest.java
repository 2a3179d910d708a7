package com.cove.api.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpHookTest {
    private static final String SECRET = "a secret of this test";
    private static final Delivery DELIVERY = new Delivery(
            List.of(new UserId("ann"), new UserId("ben")),
            new Change(
                    new MessageRead(
                            new MessageId("message-1"),
                            new ThreadId("thread-1"),
                            new UserId("ann"),
                            Instant.parse("2026-11-22T09:30:00Z"),
                            7),
                    101));
    /** For everything that is not the hook itself on a busy machine. */
    private static final Duration SLACK = Duration.ofMillis(150);

    private final HookSignature signature = new HookSignature(List.of(SECRET), Clock.systemUTC());
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch silence = new CountDownLatch(1);
    private volatile String body = "";
    private volatile String header = "";
    private volatile boolean silent;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/internal/notify", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.stop(0);
    }

    @Test
    void aDeliveryArrivesSigned() {
        tell(server.getAddress().getPort());

        assertThat(calls).hasValue(1);
        assertThat(Delivery.fromJson(body)).isEqualTo(DELIVERY);
        assertThat(signature.accepts(header, body)).isTrue();
        assertThat(new HookSignature(List.of("another secret here"), Clock.systemUTC()).accepts(header, body))
                .isFalse();
    }

    @Test
    void aNodeThatFailsIsTriedASecondTime() {
        answers.add(503);
        tell(server.getAddress().getPort());

        assertThat(calls).hasValue(2);
    }

    @Test
    void thereIsNoThirdTry() {
        answers.addAll(List.of(500, 500, 500));
        tell(server.getAddress().getPort());

        assertThat(calls).hasValue(2);
    }

    @Test
    void aSilentNodeCostsNoMoreThanTheBudget() {
        tell(server.getAddress().getPort());
        silent = true;

        assertThat(tell(server.getAddress().getPort())).isLessThan(HttpHook.BUDGET.plus(SLACK));
    }

    @Test
    void aNodeThatIsAwayCostsNoMoreThanTheBudget() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(tell(port)).isLessThan(HttpHook.BUDGET.plus(SLACK));
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        tell(server.getAddress().getPort());

        assertThat(Thread.interrupted()).isTrue();
    }

    /** How long the caller was held up. */
    private Duration tell(int port) {
        try (HttpHook hook = new HttpHook(URI.create("http://127.0.0.1:" + port + "/internal/notify"), signature)) {
            long start = System.nanoTime();
            hook.tell(DELIVERY);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        header = String.valueOf(exchange.getRequestHeaders().getFirst(HookSignature.HEADER));
        if (silent) {
            awaitTheEnd();
        }
        Integer status;
        synchronized (answers) {
            status = answers.poll();
        }
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    private void awaitTheEnd() {
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
