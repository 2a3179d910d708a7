package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<Channel> opened = new ArrayList<>();
    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final Timer waited = new SimpleMeterRegistry().timer("waited");
    private final Arrivals arrivals = new Arrivals(clock.eventLoop(), executor::add, opened::add, waited);

    @BeforeEach
    void stopTheClock() {
        clock.freezeTime();
    }

    @Test
    void aFewAreOpenedAtATimeTheLastOneFirst() {
        List<EmbeddedChannel> all = arrive(2 * Arrivals.AT_A_TIME + 1);

        assertThat(opened).isEqualTo(all.subList(0, Arrivals.AT_A_TIME));
        othersAreServed();
        assertThat(opened)
                .hasSize(2 * Arrivals.AT_A_TIME)
                .startsWith(all.subList(0, Arrivals.AT_A_TIME).toArray(Channel[]::new))
                .containsSubsequence(all.getLast(), all.get(Arrivals.AT_A_TIME), all.get(Arrivals.AT_A_TIME + 1));
        othersAreServed();
        assertThat(opened).hasSize(all.size()).endsWith(all.get(all.size() - 2));
    }

    @Test
    void whoComesAloneDoesNotWait() {
        for (int i = 1; i <= 3; i++) {
            arrive(1);
            assertThat(opened).hasSize(i);
            othersAreServed();
            othersAreServed();
        }
    }

    @Test
    void whoHasLeftIsNotOpenedAndKeepsNobody() {
        List<EmbeddedChannel> all = arrive(2 * Arrivals.AT_A_TIME + 1);
        all.get(Arrivals.AT_A_TIME).close();

        othersAreServed();

        assertThat(opened).hasSize(2 * Arrivals.AT_A_TIME).doesNotContain(all.get(Arrivals.AT_A_TIME));
    }

    @Test
    void theNextWaitUntilTheExecutorHasDoneWhatItWasGiven() {
        arrive(Arrivals.AT_A_TIME + 1);

        passTime();
        assertThat(opened).hasSize(Arrivals.AT_A_TIME);
        othersAreServed();
        assertThat(opened).hasSize(Arrivals.AT_A_TIME + 1);
    }

    @Test
    void howLongEachWaitedIsMeasured() {
        arrive(Arrivals.AT_A_TIME);
        assertThat(waited.count()).isEqualTo(Arrivals.AT_A_TIME);
        assertThat(waited.totalTime(TimeUnit.NANOSECONDS)).isZero();

        arrive(1);
        othersAreServed();
        assertThat(waited.count()).isEqualTo(Arrivals.AT_A_TIME + 1);
        assertThat(waited.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(Arrivals.PAUSE_MS);
    }

    @Test
    void oneThatCannotBeOpenedIsClosedAndKeepsNobody() {
        Arrivals failing = new Arrivals(
                clock.eventLoop(),
                executor::add,
                channel -> {
                    opened.add(channel);
                    throw new NoClassDefFoundError("none");
                },
                waited);
        List<EmbeddedChannel> all = arrive(failing, Arrivals.AT_A_TIME + 1);
        othersAreServed();

        assertThat(opened).hasSameElementsAs(all);
        assertThat(all).noneMatch(EmbeddedChannel::isOpen);
    }

    @Test
    void anExecutorThatTakesNothingMoreKeepsNobody() {
        Arrivals alone = new Arrivals(
                clock.eventLoop(),
                _ -> {
                    throw new RejectedExecutionException();
                },
                opened::add,
                waited);
        List<EmbeddedChannel> all = arrive(alone, Arrivals.AT_A_TIME + 1);
        passTime();

        assertThat(opened).hasSameElementsAs(all);
    }

    private List<EmbeddedChannel> arrive(int count) {
        return arrive(arrivals, count);
    }

    private static List<EmbeddedChannel> arrive(Arrivals where, int count) {
        List<EmbeddedChannel> channels =
                Stream.generate(EmbeddedChannel::new).limit(count).toList();
        channels.forEach(where::add);
        return channels;
    }

    private void othersAreServed() {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
        passTime();
    }

    private void passTime() {
        clock.advanceTimeBy(Arrivals.PAUSE_MS, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }
}
