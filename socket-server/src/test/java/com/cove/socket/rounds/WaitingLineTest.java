package com.cove.socket.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private final WaitingLine<Integer> line = new WaitingLine<>();

    @Test
    void nobodyIsAddedToAFullLineAndEachWhoLeavesMakesRoom() throws Exception {
        assertThat(line.poll()).isNull();
        assertThat(List.of(line.offer(1, 3), line.offer(2, 3), line.offer(3, 3), line.offer(4, 3)))
                .containsExactly(true, true, true, false);
        assertThat(line.offer(4, 4)).as("another limit").isTrue();

        assertThat(line.take()).isEqualTo(1);
        assertThat(line.poll()).isEqualTo(2);
        List<Integer> rest = new ArrayList<>();
        line.drainTo(rest, 1);
        assertThat(rest).containsExactly(3);
        line.drainTo(rest, 5);
        assertThat(rest).containsExactly(3, 4);

        assertThat(line.offer(5, 1)).isTrue();
        assertThat(line.offer(6, 1)).isFalse();
    }

    @Test
    void whatManyAddIsTakenOnce() throws Exception {
        int adders = 4;
        int each = 5_000;
        List<Integer> taken = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> added = new ArrayList<>();
            for (int i = 0; i < adders; i++) {
                int adder = i;
                added.add(threads.submit(() -> add(adder * each, each)));
            }
            int accepted = 0;
            for (Future<Integer> one : added) {
                while (!one.isDone()) {
                    line.drainTo(taken, 7);
                }
                accepted += one.get();
            }
            line.drainTo(taken, Integer.MAX_VALUE);

            assertThat(taken).hasSize(accepted).doesNotHaveDuplicates();
        }
        assertThat(line.offer(1, 1)).as("nobody is left").isTrue();
    }

    private int add(int from, int count) {
        int added = 0;
        for (int i = from; i < from + count; i++) {
            added += line.offer(i, 100) ? 1 : 0;
        }
        return added;
    }
}
