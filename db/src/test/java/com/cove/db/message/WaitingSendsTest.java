package com.cove.db.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitingSendsTest {
    private static final int MOST = 4;
    private static final UserId ANN = new UserId("ann");

    private final ThreadId a = new ThreadId(UUID.randomUUID().toString());
    private final ThreadId b = new ThreadId(UUID.randomUUID().toString());
    private final ThreadId c = new ThreadId(UUID.randomUUID().toString());
    private final WaitingSends waiting = new WaitingSends();

    @Test
    void threadsAreTakenInTheOrderInWhichTheyCameAndTheirSendsToo() {
        add(a, "a1");
        add(b, "b1");
        add(a, "a2");
        add(c, "c1");
        assertThat(taken()).containsExactly("a1", "a2", "b1", "c1");
        assertThat(waiting.size()).isZero();
        assertThat(taken()).isEmpty();
    }

    @Test
    void whatIsSentToAThreadThatWasTakenWaitsForItsRelease() {
        add(a, "a1");
        List<WaitingSend> batch = waiting.take(MOST);
        add(a, "a2");
        add(b, "b1");
        assertThat(taken()).containsExactly("b1");
        waiting.release(batch, true);
        assertThat(taken()).containsExactly("a2");
    }

    @Test
    void aThreadWithMoreThanThereIsRoomForGoesToTheEndAgain() {
        IntStream.rangeClosed(1, MOST + 2).forEach(i -> add(a, "a" + i));
        add(b, "b1");
        add(c, "c1");
        List<WaitingSend> batch = waiting.take(MOST);
        assertThat(batch).extracting(WaitingSendsTest::content).containsExactly("a1", "a2", "a3", "a4");
        waiting.release(batch, true);
        assertThat(taken()).containsExactly("b1", "c1", "a5", "a6");
    }

    @Test
    void aThreadThatFailedIsTakenApartUntilItSucceeds() {
        add(b, "b1");
        waiting.release(waiting.take(MOST), false);
        add(a, "a1");
        add(b, "b2");
        add(c, "c1");
        List<WaitingSend> others = waiting.take(MOST);
        assertThat(others).extracting(WaitingSendsTest::content).containsExactly("a1", "c1");
        waiting.release(others, true);
        add(a, "a2");
        List<WaitingSend> apart = waiting.take(MOST);
        assertThat(apart).extracting(WaitingSendsTest::content).containsExactly("b2");
        waiting.release(apart, true);
        add(b, "b3");
        assertThat(taken()).containsExactly("a2", "b3");
    }

    @Test
    void whatIsRemovedIsNeverTaken() {
        WaitingSend first = add(a, "a1");
        add(a, "a2");
        WaitingSend alone = add(b, "b1");
        assertThat(waiting.remove(first)).isTrue();
        assertThat(waiting.remove(alone)).isTrue();
        assertThat(waiting.size()).isEqualTo(1);
        List<WaitingSend> batch = waiting.take(MOST);
        assertThat(batch).extracting(WaitingSendsTest::content).containsExactly("a2");
        assertThat(waiting.remove(batch.getFirst())).isFalse();
        assertThat(waiting.remove(alone)).isFalse();
    }

    @Test
    void whatIsLateIsRemovedOfAllThreadsAlsoOfThoseThatAreTaken() {
        add(a, "a1", 0);
        List<WaitingSend> batch = waiting.take(MOST);
        add(a, "a2", 1);
        add(a, "a3", 5);
        add(b, "b1", 2);
        add(c, "c1", 3);
        add(c, "c2", 4);
        assertThat(waiting.removeWhile(send -> send.isLate(3)))
                .extracting(WaitingSendsTest::content)
                .containsExactlyInAnyOrder("a2", "b1", "c1");
        assertThat(waiting.size()).isEqualTo(2);
        waiting.release(batch, true);
        assertThat(taken()).containsExactly("c2", "a3");
    }

    private List<String> taken() {
        return waiting.take(MOST).stream().map(WaitingSendsTest::content).toList();
    }

    private WaitingSend add(ThreadId thread, String content) {
        return add(thread, content, 0);
    }

    private WaitingSend add(ThreadId thread, String content, long deadline) {
        WaitingSend send = new WaitingSend(new Send(ANN, new SendMessage(thread, content, null)), deadline);
        waiting.add(send);
        return send;
    }

    private static String content(WaitingSend send) {
        return send.send().request().content();
    }
}
