package com.cove.db.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedLookTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final Queue<Object> found = new ConcurrentLinkedQueue<>();
    private List<Thread> meanwhile = List.of();
    private Supplier<Integer> outcome = looks::incrementAndGet;

    /** Twenty others ask while it looks for the first time. */
    private final SharedLook<Integer> crowded = new SharedLook<>(this::look);

    @AfterEach
    void nobodyIsLeft() throws InterruptedException {
        for (Thread thread : meanwhile) {
            thread.join();
        }
    }

    @Test
    void whoAsksAloneLooksAtOnce() {
        SharedLook<Integer> look = new SharedLook<>(looks::incrementAndGet);

        assertThat(Stream.generate(look::get).limit(3)).containsExactly(1, 2, 3);
    }

    /** What the look under way finds may be older than what they have done before they asked. */
    @Test
    void thoseWhoAskDuringALookShareTheNextOne() throws InterruptedException {
        assertThat(crowded.get()).isEqualTo(1);
        nobodyIsLeft();

        assertThat(found).hasSize(20).containsOnly(2);
        assertThat(crowded.get()).isEqualTo(3);
    }

    @Test
    void thoseWhoShareALookShareItsFailure() throws InterruptedException {
        outcome = () -> {
            throw new IllegalStateException("look " + looks.incrementAndGet());
        };

        assertThatThrownBy(crowded::get).hasMessage("look 1");
        nobodyIsLeft();

        assertThat(found).hasSize(20).containsOnly("look 2");
    }

    private int look() {
        if (meanwhile.isEmpty()) {
            meanwhile = Stream.generate(() -> Thread.ofPlatform().start(this::ask))
                    .limit(20)
                    .toList();
            meanwhile.forEach(SharedLookTest::awaitWaiting);
        }
        return outcome.get();
    }

    private void ask() {
        try {
            found.add(crowded.get());
        } catch (IllegalStateException e) {
            found.add(e.getMessage());
        }
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
