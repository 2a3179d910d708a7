package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.thread.ThreadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** People who send one message after another to their one thread, each once the one before was acknowledged, until it ends. */
final class Talk {
    private final ThreadId thread;
    private final List<TestClient> members;
    private final List<Thread> senders = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Queue<Duration> waits = new ConcurrentLinkedQueue<>();
    private volatile boolean goesOn = true;

    Talk(ThreadId thread, TestClient... members) {
        this.thread = thread;
        this.members = List.of(members);
        for (TestClient member : members) {
            senders.add(Thread.ofVirtual().start(() -> send(member)));
        }
        awaitProgress();
    }

    private void send(TestClient member) {
        while (goesOn) {
            long start = System.nanoTime();
            member.send(thread, "message");
            waits.add(Duration.ofNanos(System.nanoTime() - start));
            acknowledged.incrementAndGet();
        }
    }

    /** Waits until some more were acknowledged. */
    void awaitProgress() {
        int before = acknowledged.get();
        await().pollInterval(Duration.ofMillis(10)).until(() -> acknowledged.get() >= before + 20);
    }

    /** From now on other waits count. */
    void forgetWaits() {
        waits.clear();
    }

    /** How long a sender waited for an acknowledgement, mostly, since {@link #forgetWaits}. */
    Duration usualWait() {
        List<Duration> sorted = waits.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Ends it while there still is a server: a send without an answer would fail whatever test runs when its time is over. */
    void end() throws InterruptedException {
        goesOn = false;
        for (Thread sender : senders) {
            assertThat(sender.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    /** Ends it. Everybody got all of it, once and in order, and nobody's connection ended. */
    void judge() throws InterruptedException {
        end();
        long last = acknowledged.get();
        for (TestClient member : members) {
            List<Long> seqs = new ArrayList<>();
            while (seqs.isEmpty() || seqs.getLast() < last) {
                next(member).ifPresent(seqs::add);
            }
            while (!member.received().isEmpty()) {
                next(member).ifPresent(seqs::add);
            }
            assertThat(seqs)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, last).boxed().toList());
        }
    }

    /** The seq of the next event, if it is a message of the thread. */
    private Optional<Long> next(TestClient member) throws InterruptedException {
        TestClient.Received next = member.received().poll(10, TimeUnit.SECONDS);
        assertThat(next).as("an event").isNotNull();
        assertThat(next.event()).isNotEqualTo("disconnect");
        return Optional.of(next.payload().path("message"))
                .filter(message -> message.path("threadId").asText().equals(thread.value()))
                .map(message -> message.path("seq").asLong());
    }

    /** Waits until what is said now reaches these through Redis. */
    void awaitHints(SocketApp... nodes) {
        for (SocketApp node : nodes) {
            double before = received(node);
            await().until(() -> received(node) >= before + 20);
        }
    }

    static double received(SocketApp node) {
        return TwoNodes.meter(node.internalPort(), "cove_hints_received_total");
    }

    static double dropped(SocketApp node, String cause) {
        return TwoNodes.meter(node.internalPort(), "cove_hints_dropped_total{cause=\"" + cause + "\"}");
    }

    static Map<String, String> settings() {
        return Map.of(
                "REPAIR_INTERVAL_MS", "200",
                // An event loop that waits would miss these, and its clients would be gone.
                "SOCKET_PING_INTERVAL_MS", "300",
                "SOCKET_PING_TIMEOUT_MS", "3000",
                "SOCKET_EVENTS_PER_SECOND", "100000",
                "SOCKET_EVENT_BURST", "100000",
                "SOCKET_USER_EVENTS_PER_SECOND", "100000",
                "SOCKET_USER_EVENT_BURST", "100000");
    }
}
