package com.cove.db.message;

import com.cove.bench.Microbenchmark;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** What a send costs on its way into a batch and out of it, its transaction left out: 64 of them, in 32 threads. */
public class BatchBenchmark extends Microbenchmark {
    private static final int SENDS = 64;
    private static final int THREADS = 32;

    private final WaitingSends waiting = new WaitingSends();
    private final List<WaitingSend> sends = IntStream.range(0, SENDS)
            .mapToObj(i -> new WaitingSend(
                    new Send(
                            new UserId("u" + i),
                            new SendMessage(
                                    new ThreadId("01935c2e-5a00-7000-8000-%012x".formatted(i % THREADS)),
                                    "hello",
                                    new ClientMessageId("m" + i))),
                    Long.MAX_VALUE))
            .toList();

    @Benchmark
    @OperationsPerInvocation(SENDS)
    public int assembleBatch() {
        sends.forEach(waiting::add);
        List<WaitingSend> batch = waiting.take(SENDS);
        waiting.release(batch, true);
        return batch.size();
    }
}
