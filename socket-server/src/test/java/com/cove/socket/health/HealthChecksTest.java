package com.cove.socket.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.db.Condition;
import com.cove.socket.transport.HealthReport;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often the database is asked, and who waits for its answer. */
class HealthChecksTest {
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicBoolean up = new AtomicBoolean(true);
    private final AtomicBoolean hanging = new AtomicBoolean();
    private final CountDownLatch hang = new CountDownLatch(1);
    private final Health health = new Health(this::check, () -> 0, Optional.empty());

    private Condition check() {
        checks.incrementAndGet();
        if (hanging.get()) {
            awaitLatch(hang);
        }
        return up.get() ? Condition.UP : Condition.DOWN;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theDatabaseIsAskedOnceASecond() {
        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThat(health.get().up()).isTrue();
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);

        assertThat(checks.get() - 1L).as("after the first").isBetween(0L, seconds);
    }

    @Test
    void anOutageShows() {
        assertThat(health.get().up()).isTrue();
        up.set(false);

        await().untilAsserted(() -> assertThat(health.get().up()).isFalse());
    }

    /** Of a database that hangs, one waits; the others are told what it last said. */
    @Test
    void whileTheDatabaseIsAskedNobodyElseWaits() throws Exception {
        assertThat(health.get().up()).isTrue();
        hanging.set(true);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            await().until(() -> {
                executor.execute(health::get);
                return checks.get() == 2;
            });
            for (int i = 0; i < 100; i++) {
                Future<HealthReport> answer = executor.submit(health::get);
                assertThat(answer.get(10, TimeUnit.SECONDS).up()).isTrue();
            }
            assertThat(checks).hasValue(2);
            hang.countDown();
        }
    }
}
