package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Mailbox mailbox = new Mailbox(threads::add, 100);
    private final List<String> done = new ArrayList<>();

    @Test
    void whateverATaskThrowsTheNextOneRuns() {
        mailbox.add(() -> {
            throw new IllegalStateException("for the test");
        });
        mailbox.add(() -> {
            throw new StackOverflowError("for the test");
        });
        mailbox.add(() -> done.add("next"));

        threads.remove().run();

        assertThat(done).containsExactly("next");
        assertThat(threads).isEmpty();
    }

    @Test
    void anEventIsRefusedWhileThereIsNoRoomAndALifecycleStepNever() {
        assertThat(mailbox.offer(() -> done.add("first"), 1_000)).as("alone").isTrue();
        assertThat(mailbox.offer(() -> done.add("refused"), 1)).isFalse();
        mailbox.add(() -> done.add("step"));

        threads.remove().run();

        assertThat(done).containsExactly("first", "step");
        assertThat(mailbox.offer(() -> done.add("later"), 1)).isTrue();
    }
}
