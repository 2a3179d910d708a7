package com.cove.api.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Relay;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHookTest {
    private static final String SECRET = "a secret of this test";
    private static final Delivery DELIVERY = new Delivery(
            List.of(new UserId("ann"), new UserId("ben")),
            Change.of(
                    new MessageRead(
                            new MessageId("message-1"),
                            new ThreadId("thread-1"),
                            new UserId("ann"),
                            Instant.parse("2026-11-22T09:30:00Z"),
                            7),
                    101));
    /** What a test has that counts calls: a busy machine must not add or take one. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** For everything that is not the hook itself on a busy machine; without a limit, most of this would wait for ever. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final HookSignature signature = new HookSignature(List.of(SECRET), Clock.systemUTC());
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch silence = new CountDownLatch(1);
    private volatile String body = "";
    private volatile String header = "";
    private volatile String requestId = "";
    private volatile boolean silent;
    private volatile Instant now = Instant.now();
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
    void aCallNamesItsRequest() {
        tell(server.getAddress().getPort());

        assertThat(requestId).isEqualTo("request-1");
    }

    /** As after an hour in a frozen Lambda: what was open may be dead, and was not told. */
    @Test
    void aConnectionThatRestedIsNotUsedAgain() throws IOException {
        try (Relay relay = new Relay(server.getAddress().getPort());
                HttpHook hook = hook(relay.port())) {
            tell(hook);
            relay.forget();
            now = now.plus(Duration.ofHours(1));

            tell(hook);
            assertThat(calls).hasValue(2);
            assertThat(relay.wasAskedOnForgotten()).isFalse();
        }
    }

    /** What is copied with a snapshot must not know of an outage of then, nor hold a connection. */
    @Test
    void whoIsDisconnectedBeginsAnew() {
        answers.addAll(Collections.nCopies(2 * CircuitBreaker.FAILURES, 500));
        try (HttpHook hook = hook(server.getAddress().getPort())) {
            for (int i = 0; i < 10; i++) {
                tell(hook);
            }
            int before = calls.get();
            hook.disconnect();
            tell(hook);

            assertThat(calls).hasValue(before + 1);
        }
    }

    @Test
    void aRehearsalTellsNobody() {
        try (HttpHook hook = hook(server.getAddress().getPort())) {
            hook.rehearse();
        }
        assertThat(Delivery.fromJson(body).recipients()).isEmpty();
        assertThat(requestId).isEqualTo("rehearsal");
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

    /** The second try has what the first left of it. */
    @Test
    void aSilentNodeCostsNoMoreThanTheBudget() {
        silent = true;
        Duration budget = Duration.ofSeconds(3);
        try (HttpHook hook = hook(urlOf(server.getAddress().getPort()), budget)) {
            assertThat(timeToTell(hook)).isBetween(budget, budget.plusMillis(900));
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aNodeThatIsAwayCostsNoMoreThanTheBudget() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        costsNoMoreThanTheBudget(urlOf(port));
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        tell(server.getAddress().getPort());

        assertThat(Thread.interrupted()).isTrue();
    }

    /** What takes connections and does nothing else: a machine that died behind a load balancer. */
    @Test
    void aBlackHoleCostsNoMoreThanTheBudget() throws IOException {
        try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            costsNoMoreThanTheBudget(urlOf(hole.getLocalPort()));
        }
    }

    @Test
    void anAnswerThatDripsCostsNoMoreThanTheBudget() throws Exception {
        hangsUpOn((exchange, out) -> {
            out.write('.');
            out.flush();
            LockSupport.parkNanos(20_000_000);
        });
    }

    @Test
    void anAnswerWithoutAnEndCostsNoMoreThanTheBudget() throws Exception {
        byte[] much = new byte[65_536];
        hangsUpOn((exchange, out) -> out.write(much));
    }

    private interface Part {
        void write(HttpExchange exchange, OutputStream out) throws IOException;
    }

    /** Nor does it stay on the line, which would cost the requests that follow. */
    private void hangsUpOn(Part part) {
        CountDownLatch hungUp = new CountDownLatch(1);
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    part.write(exchange, out);
                }
            } catch (IOException e) {
                hungUp.countDown();
            }
        });
        await(() -> {
            // On a busy machine the very first call may not get there in time.
            costsNoMoreThanTheBudget("http://127.0.0.1:" + server.getAddress().getPort() + "/endless");
            return hungUp.getCount() == 0;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://no-such-host.invalid:3002/internal/notify", "https://127.0.0.1:%d/internal/notify"})
    void aNameThatIsNoneAndAServerThatSpeaksNoTlsCostNoMoreThanTheBudget(String url) {
        costsNoMoreThanTheBudget(url.formatted(server.getAddress().getPort()));
    }

    @Test
    void aServerThatStopsMeanwhileIsNotWaitedFor() throws Exception {
        try (HttpHook hook = hook(server.getAddress().getPort())) {
            silent = true;
            CompletableFuture<Void> told = CompletableFuture.runAsync(() -> tell(hook));
            await(() -> calls.get() == 1);
            server.stop(0);

            told.get(PATIENCE.toSeconds() / 3, TimeUnit.SECONDS);
        }
    }

    /** As after a Lambda was frozen for longer than the socket server keeps an idle connection. */
    @Test
    void aConnectionThatIsClosedMeanwhileIsReplaced() throws Exception {
        try (ServerSocket fickle = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<Integer> answered = new CopyOnWriteArrayList<>();
            Thread.ofVirtual().start(() -> answerOneRequestOfEachConnection(fickle, answered));
            try (HttpHook hook = hook(fickle.getLocalPort())) {
                tell(hook);
                tell(hook);
                assertThat(answered).hasSize(2);
            }
        }
    }

    /** Hangs up when the second request comes, without an answer. */
    private static void answerOneRequestOfEachConnection(ServerSocket fickle, List<Integer> answered) {
        byte[] request = new byte[65_536];
        for (int number = 1; !fickle.isClosed(); number++) {
            try (Socket connection = fickle.accept()) {
                // Head and body may come one after the other.
                String received = "";
                for (int read = 0; read >= 0 && !received.endsWith("}"); ) {
                    read = connection.getInputStream().read(request);
                    received += new String(request, 0, Math.max(read, 0), StandardCharsets.UTF_8);
                }
                if (!received.endsWith("}")) {
                    continue;
                }
                answered.add(number);
                connection.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                // The second request begins, or the client is gone.
                connection.getInputStream().readNBytes(1);
            } catch (IOException e) {
                // the test is over
            }
        }
    }

    @Test
    void anOutageCostsAFewCallersAndThenNobody() {
        answers.addAll(Collections.nCopies(100, 500));
        List<String> log = logged(() -> {
            try (HttpHook hook = hook(server.getAddress().getPort())) {
                for (int i = 0; i < 20; i++) {
                    tell(hook);
                }
                assertThat(calls).hasValue(2 * CircuitBreaker.FAILURES);

                now = now.plus(CircuitBreaker.PAUSE);
                tell(hook);
                tell(hook);
                assertThat(calls).as("one tries again").hasValue(2 * CircuitBreaker.FAILURES + 2);

                answers.clear();
                now = now.plus(CircuitBreaker.PAUSE);
                tell(hook);
                tell(hook);
                assertThat(calls).as("all do").hasValue(2 * CircuitBreaker.FAILURES + 4);
            }
        });
        assertThat(log).hasSize(2);
        assertThat(log.getFirst()).contains("\"level\":\"WARN\"", "\"problem\":\"500\"", "is not tried for a while");
        assertThat(log.getLast()).contains("WARN", "is told again");
    }

    @Test
    void aCallThatFailsNowAndThenIsNoOutage() {
        try (HttpHook hook = hook(server.getAddress().getPort())) {
            for (int i = 0; i < 10; i++) {
                answers.addAll(List.of(500, 500, 500, 500));
                tell(hook);
                tell(hook);
                tell(hook);
            }
        }
        assertThat(calls).hasValue(50);
    }

    /** As when a server that was away comes back with another secret. */
    @Test
    void aSignatureThatIsRefusedIsSaidAlsoDuringAnOutage() {
        answers.addAll(Collections.nCopies(6, 503));
        answers.addAll(Collections.nCopies(100, 401));
        List<String> log = logged(() -> {
            try (HttpHook hook = hook(server.getAddress().getPort())) {
                for (int i = 0; i < 10; i++) {
                    tell(hook);
                    now = now.plus(CircuitBreaker.PAUSE);
                }
            }
        });
        assertThat(log).hasSize(2);
        assertThat(log.getFirst()).contains("WARN");
        assertThat(log.getLast()).contains("ERROR", "HOOK_SECRET");
    }

    /** Trying again is of no use, and somebody has to do something. */
    @Test
    void aSignatureThatIsRefusedIsSaidOnce() {
        answers.addAll(Collections.nCopies(100, 401));
        List<String> log = logged(() -> {
            try (HttpHook hook = hook(server.getAddress().getPort())) {
                for (int i = 0; i < 20; i++) {
                    tell(hook);
                }
                assertThat(calls).hasValue(1);
                now = now.plus(CircuitBreaker.PAUSE);
                tell(hook);
                assertThat(calls).hasValue(2);
            }
        });
        assertThat(log).hasSize(1);
        assertThat(log.getFirst()).contains("ERROR", "HOOK_SECRET");
        assertThat(log.getFirst()).doesNotContain(SECRET);
    }

    @Test
    void whoTriesAgainAndNeverSaysHowItWentKeepsNobodyOut() {
        CircuitBreaker breaker = new CircuitBreaker(() -> now);
        for (int i = 0; i < CircuitBreaker.FAILURES; i++) {
            assertThat(breaker.permits()).isTrue();
            assertThat(breaker.failed()).isEqualTo(i == CircuitBreaker.FAILURES - 1);
        }
        assertThat(breaker.permits()).isFalse();
        now = now.plus(CircuitBreaker.PAUSE);
        assertThat(breaker.permits()).isTrue();
        assertThat(breaker.permits()).isFalse();
        now = now.plus(CircuitBreaker.PAUSE);
        assertThat(breaker.permits()).isTrue();
    }

    @Test
    void aClockThatIsSetBackKeepsNobodyOut() {
        CircuitBreaker breaker = new CircuitBreaker(() -> now);
        assertThat(breaker.failedForGood()).isTrue();
        assertThat(breaker.permits()).isFalse();
        now = now.minus(Duration.ofHours(1));
        assertThat(breaker.permits()).isTrue();
    }

    /** What the Lambda's logger writes to standard output. */
    private static List<String> logged(Runnable work) {
        PrintStream before = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(before);
        }
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition within 5 s").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String urlOf(int port) {
        return "http://127.0.0.1:" + port + "/internal/notify";
    }

    /** One that waits long enough on any machine. */
    private HttpHook hook(int port) {
        return hook(urlOf(port), PATIENCE);
    }

    private HttpHook hook(String url, Duration budget) {
        return new HttpHook(URI.create(url), signature, () -> now, budget);
    }

    private void tell(int port) {
        try (HttpHook hook = hook(port)) {
            tell(hook);
        }
    }

    private static void tell(HttpHook hook) {
        hook.tell(DELIVERY, "request-1");
    }

    private void costsNoMoreThanTheBudget(String url) {
        try (HttpHook hook = new HttpHook(URI.create(url), signature, () -> now)) {
            assertThat(timeToTell(hook)).isLessThan(HttpHook.BUDGET.plus(SLACK));
        }
    }

    /** How long the caller was held up. */
    private static Duration timeToTell(HttpHook hook) {
        long start = System.nanoTime();
        tell(hook);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requestId = String.valueOf(exchange.getRequestHeaders().getFirst("x-request-id"));
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
