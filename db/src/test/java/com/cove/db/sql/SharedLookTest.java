package com.cove.db.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
    private final Supplier<Integer> crowded = SharedLook.of(this::look);

    private final Queue<List<Integer>> asked = new ConcurrentLinkedQueue<>();
    /** The same, each with a number of their own. */
    private final SharedLook<Integer, Integer> doubling = new SharedLook<>(this::doubled);

    @AfterEach
    void nobodyIsLeft() throws InterruptedException {
        for (Thread thread : meanwhile) {
            thread.join();
        }
    }

    @Test
    void whoAsksAloneLooksAtOnce() {
        Supplier<Integer> look = SharedLook.of(looks::incrementAndGet);

        assertThat(Stream.generate(look).limit(3)).containsExactly(1, 2, 3);
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

    @Test
    void eachIsAnsweredWhatTheyAsked() throws InterruptedException {
        assertThat(doubling.get(100)).isEqualTo(200);
        nobodyIsLeft();

        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        numbers().map(number -> 2 * number).toList());
        assertThat(asked).hasSize(2);
        assertThat(asked.peek()).containsExactly(100);
    }

    private Function<Integer, Integer> doubled(List<Integer> questions) {
        asked.add(List.copyOf(questions));
        whileOthersWait(number -> found.add(doubling.get(number)));
        return number -> 2 * number;
    }

    private int look() {
        whileOthersWait(_ -> ask());
        return outcome.get();
    }

    private void whileOthersWait(IntConsumer other) {
        if (meanwhile.isEmpty()) {
            meanwhile = numbers()
                    .map(number -> Thread.ofPlatform().start(() -> other.accept(number)))
                    .toList();
            meanwhile.forEach(SharedLookTest::awaitWaiting);
        }
    }

    private static Stream<Integer> numbers() {
        return IntStream.range(0, 20).boxed();
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
