package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.db.TestDatabase;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.CreateThread;
import com.cove.model.user.UserId;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that are killed as {@code kill -9} does it, with pushes on their way. */
class PushKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase test = TestDatabase.create();
    private final UserId ann = test.user("ann");
    private final List<String> announced = Collections.synchronizedList(new ArrayList<>());
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private final List<Process> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer phones;
    /** Where nothing is answered. */
    private volatile String held = "";

    @BeforeEach
    void start() throws IOException {
        phones = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        phones.createContext("/announced", exchange -> answer(exchange, announced));
        phones.createContext("/taken", exchange -> answer(exchange, taken));
        phones.setExecutor(threads);
        phones.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        end.countDown();
        for (Process node : nodes) {
            kill(node);
        }
        phones.stop(0);
        threads.shutdownNow();
        test.close();
    }

    private void answer(HttpExchange exchange, List<String> heard) throws IOException {
        try (exchange) {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (exchange.getRequestURI().getPath().equals(held)) {
                end.await();
            }
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void betweenClaimAndSendNothingIsLostAndNothingSentTwice() throws Exception {
        held = "/announced";
        Process node = node();
        send("bob");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(announced).containsExactly("bob"));
        kill(node);
        assertThat(taken).isEmpty();

        held = "";
        endLeases();
        node();

        awaitSent(1);
        assertThat(taken).containsExactly("bob");
    }

    /** The device shows one, by the thread that both carry. */
    @Test
    void betweenSendAndRecordItIsSentAgainOnce() throws Exception {
        held = "/taken";
        Process node = node();
        send("bob");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(taken).containsExactly("bob"));
        kill(node);

        held = "";
        endLeases();
        node();

        awaitSent(1);
        assertThat(taken).containsExactly("bob", "bob");
    }

    @Test
    void atAnyInstantNothingIsLost() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        int people = 0;
        for (int kills = 0; kills < 3; kills++) {
            Process node = node();
            await().atMost(PATIENCE).until(this::isRunning);
            for (int n = 0; n < 5; n++) {
                send("user" + people++);
            }
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2_500)).toNanos());
            kill(node);
            test.execute("DELETE FROM reach_node");
            endLeases();
        }
        node();

        awaitSent(people);
        for (int n = 0; n < people; n++) {
            assertThat(taken).as("seed %s", seed).contains("user" + n);
        }
        assertThat(taken.size()).as("seed %s, of %s", seed, taken).isLessThanOrEqualTo(people + 3 * 5);
    }

    private Process node() throws IOException {
        Process node = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PushNode.class.getName(),
                        test.url(),
                        "http://127.0.0.1:" + phones.getAddress().getPort())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        nodes.add(node);
        return node;
    }

    /** SIGKILL. */
    private static void kill(Process node) throws InterruptedException {
        node.destroyForcibly();
        node.waitFor();
    }

    private boolean isRunning() {
        return !test.ask("SELECT count(*) FROM reach_node").equals("0");
    }

    /** As if their time had passed. */
    private void endLeases() {
        test.execute("UPDATE push SET leased_until = now() WHERE lease IS NOT NULL");
    }

    private void awaitSent(int pushes) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(test.ask("SELECT count(*) FROM push WHERE verdict = 'SENT'"))
                        .isEqualTo(Integer.toString(pushes)));
    }

    private void send(String user) {
        UserId to = test.user(user);
        test.database().devices().update(to, new UpdateFcmToken(user, "phone"));
        test.database()
                .messages()
                .send(
                        ann,
                        new SendMessage(
                                test.database()
                                        .threads()
                                        .create(ann, new CreateThread(List.of(to), null))
                                        .thread()
                                        .id(),
                                "hello",
                                null));
    }
}
